"""Read QuickBooks again after a restore

Revision ID: 0020
Revises: 0019
Create Date: 2026-11-25 18:50:00

"""
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('quickbooks_connections', schema=None) as batch_op:
        batch_op.add_column(sa.Column('read_again_from', sa.Integer(), nullable=True))


def downgrade():
    with op.batch_alter_table('quickbooks_connections', schema=None) as batch_op:
        batch_op.drop_column('read_again_from')
