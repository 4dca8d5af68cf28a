"""Find reads by month

Revision ID: 0032
Revises: 0031
Create Date: 2026-11-25 22:31:00

"""
from alembic import op

# revision identifiers, used by Alembic.
revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None


def upgrade():
    op.create_index(op.f('ix_quickbooks_reads_month'), 'quickbooks_reads', ['month'])


def downgrade():
    op.drop_index(op.f('ix_quickbooks_reads_month'), table_name='quickbooks_reads')
