"""Store the end of the authorization

Revision ID: 0022
Revises: 0021
Create Date: 2026-11-25 19:15:00.000000

"""
from alembic import op
import sqlalchemy as sa


revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('quickbooks_connections', schema=None) as batch_op:
        batch_op.add_column(sa.Column('authorization_ends_at', sa.DateTime(timezone=True), nullable=True))


def downgrade():
    with op.batch_alter_table('quickbooks_connections', schema=None) as batch_op:
        batch_op.drop_column('authorization_ends_at')
