"""Name the kinds that are off

Revision ID: 0050
Revises: 0049
Create Date: 2026-11-27 18:52:11.402518

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0050'
down_revision = '0049'
branch_labels = None
depends_on = None


def upgrade():
    off = (
        "array_remove(ARRAY["
        "CASE WHEN NOT sync_customers THEN 'customer' END, "
        "CASE WHEN NOT sync_invoices THEN 'invoice' END, "
        "CASE WHEN NOT sync_payments THEN 'payment' END, "
        "CASE WHEN NOT sync_payments THEN 'refund' END], NULL)"
    )
    op.add_column(
        'quickbooks_preferences', sa.Column('off_kinds', sa.ARRAY(sa.Text()), sa.Computed(off), nullable=False)
    )


def downgrade():
    op.drop_column('quickbooks_preferences', 'off_kinds')
