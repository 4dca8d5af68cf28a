"""Let the Owner allow online payments

Revision ID: 0021
Revises: 0020
Create Date: 2026-11-25 19:00:00.000000

"""
from alembic import op
import sqlalchemy as sa


revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('quickbooks_preferences', schema=None) as batch_op:
        batch_op.add_column(sa.Column('online_payments', sa.Boolean(), server_default='false', nullable=False))


def downgrade():
    with op.batch_alter_table('quickbooks_preferences', schema=None) as batch_op:
        batch_op.drop_column('online_payments')
