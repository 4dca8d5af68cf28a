"""Remember that a QuickBooks company was reset

Revision ID: 0056
Revises: 0055
Create Date: 2026-11-28 12:25:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0056'
down_revision = '0055'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('quickbooks_connections', sa.Column('reset_told_at', sa.DateTime(timezone=True), nullable=True))
    # Where it was said last: the pause is of an hour (outbox/policy.py).
    op.execute("""
UPDATE quickbooks_connections SET reset_told_at = paused_until - interval '1 hour'
WHERE state <> 'disconnected' AND pause_code = 'company_reset' AND paused_until > now()
""")


def downgrade():
    op.drop_column('quickbooks_connections', 'reset_told_at')
