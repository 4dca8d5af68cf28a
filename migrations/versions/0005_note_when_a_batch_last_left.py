"""Note when a batch last left

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-23 20:25:00.000000

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade():
    op.alter_column('quickbooks_batches', 'written_at', new_column_name='last_sent_at')


def downgrade():
    op.alter_column('quickbooks_batches', 'last_sent_at', new_column_name='written_at')
