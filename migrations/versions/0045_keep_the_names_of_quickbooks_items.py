"""Keep the names of QuickBooks' items

The list of names is read anew once, because it kept nothing that a person could read.

Revision ID: 0045
Revises: 0044
Create Date: 2026-11-26 07:45:00

"""
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = '0045'
down_revision = '0044'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('quickbooks_known') as batch_op:
        batch_op.add_column(sa.Column('name', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('is_sold', sa.Boolean(), server_default='true', nullable=False))
    op.execute("UPDATE quickbooks_connections SET known_kinds = known_kinds - 'item'")


def downgrade():
    with op.batch_alter_table('quickbooks_known') as batch_op:
        batch_op.drop_column('is_sold')
        batch_op.drop_column('name')
