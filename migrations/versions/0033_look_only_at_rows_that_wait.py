"""Look only at rows that wait

Revision ID: 0033
Revises: 0032
Create Date: 2026-11-25 22:30:00

"""
from migrations.online import create_indexes, drop_indexes

# revision identifiers, used by Alembic.
revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None

NEW, OLD = "ix_quickbooks_tasks_waiting", "ix_quickbooks_tasks_waits_for_id"


def upgrade():
    _replace(OLD, NEW, " WHERE waits_for_id IS NOT NULL")


def downgrade():
    _replace(NEW, OLD, "")


def _replace(old, new, condition):
    create_indexes({new: f"quickbooks_tasks (waits_for_id){condition}"})
    drop_indexes([old])
