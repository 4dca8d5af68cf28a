"""Note when the quota of reads is used up

Revision ID: 0028
Revises: 0027
Create Date: 2026-11-25 22:19:00

"""
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('quickbooks_connections', sa.Column('reads_blocked_until', sa.DateTime(timezone=True), nullable=True))


def downgrade():
    op.drop_column('quickbooks_connections', 'reads_blocked_until')
