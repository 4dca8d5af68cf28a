"""Count void invoices as nothing

Revision ID: 0049
Revises: 0048
Create Date: 2026-11-27 16:30:02.518204

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = '0049'
down_revision = '0048'
branch_labels = None
depends_on = None


def upgrade():
    # The sums are counted anew by the chore; until then the pages count themselves.
    op.execute('DELETE FROM quickbooks_invoice_counts')


def downgrade():
    op.execute('DELETE FROM quickbooks_invoice_counts')
