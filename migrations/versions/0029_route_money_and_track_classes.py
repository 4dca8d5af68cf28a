"""Route money by method and track classes

Revision ID: 0029
Revises: 0028
Create Date: 2026-11-25 22:14:00

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB(astext_type=sa.Text())
COLUMNS = ('deposit_accounts', 'payment_methods', 'tracking')


def upgrade():
    with op.batch_alter_table('quickbooks_preferences', schema=None) as batch_op:
        for name in COLUMNS:
            batch_op.add_column(sa.Column(name, JSONB, server_default='{}', nullable=False))


def downgrade():
    with op.batch_alter_table('quickbooks_preferences', schema=None) as batch_op:
        for name in COLUMNS:
            batch_op.drop_column(name)
