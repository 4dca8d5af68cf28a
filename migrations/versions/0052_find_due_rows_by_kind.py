"""Find due rows by kind

Revision ID: 0052
Revises: 0051
Create Date: 2026-11-27 22:25:40.118207

"""
from migrations.online import create_indexes, drop_indexes

# revision identifiers, used by Alembic.
revision = '0052'
down_revision = '0051'
branch_labels = None
depends_on = None

OLD, NEW = 'ix_quickbooks_tasks_due', 'ix_quickbooks_tasks_due_by_kind'


def upgrade():
    create_indexes({NEW: 'quickbooks_tasks (connection_id, state, kind, due_at)'})
    drop_indexes([OLD])


def downgrade():
    create_indexes({OLD: 'quickbooks_tasks (connection_id, state, due_at)'})
    drop_indexes([NEW])
