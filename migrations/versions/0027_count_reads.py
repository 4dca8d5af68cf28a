"""Count reads of QuickBooks

Revision ID: 0027
Revises: 0026
Create Date: 2026-11-25 22:14:00

"""
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'quickbooks_reads',
        sa.Column('realm_id', sa.String(length=40), nullable=False),
        sa.Column('month', sa.String(length=7), nullable=False),
        sa.Column('reason', sa.String(length=20), nullable=False),
        sa.Column('times', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('realm_id', 'month', 'reason', name=op.f('pk_quickbooks_reads')),
    )


def downgrade():
    op.drop_table('quickbooks_reads')
