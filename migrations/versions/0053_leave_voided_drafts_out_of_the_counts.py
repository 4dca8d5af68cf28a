"""Leave voided drafts out of the counts

Revision ID: 0053
Revises: 0052
Create Date: 2026-11-27 22:56:08.530114

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = '0053'
down_revision = '0052'
branch_labels = None
depends_on = None


def upgrade():
    # The sums are counted anew by the chore; until then the pages count themselves.
    op.execute('DELETE FROM quickbooks_invoice_counts')


def downgrade():
    op.execute('DELETE FROM quickbooks_invoice_counts')
