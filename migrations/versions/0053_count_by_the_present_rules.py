"""Count by the present rules

Revision ID: 0053
Revises: 0052
Create Date: 2026-11-27 22:56:08.530114

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0053'
down_revision = '0052'
branch_labels = None
depends_on = None


def upgrade():
    # Sums by earlier rules are counted anew by the chore, also those that a worker of before makes meanwhile.
    op.add_column('quickbooks_invoice_counts', sa.Column('rules', sa.Integer(), server_default='1', nullable=False))


def downgrade():
    op.drop_column('quickbooks_invoice_counts', 'rules')
