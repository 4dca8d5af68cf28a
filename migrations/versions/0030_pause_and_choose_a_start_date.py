"""Pause and choose a start date

Revision ID: 0030
Revises: 0029
Create Date: 2026-11-25 22:18:00

"""
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('quickbooks_connections', schema=None) as batch_op:
        batch_op.add_column(sa.Column('held_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('held_by', sa.String(length=200), server_default='', nullable=False))
    with op.batch_alter_table('quickbooks_consents', schema=None) as batch_op:
        batch_op.add_column(sa.Column('without_sending', sa.Boolean(), server_default='false', nullable=False))
    with op.batch_alter_table('quickbooks_preferences', schema=None) as batch_op:
        batch_op.add_column(sa.Column('send_from', sa.Date(), nullable=True))


def downgrade():
    with op.batch_alter_table('quickbooks_preferences', schema=None) as batch_op:
        batch_op.drop_column('send_from')
    with op.batch_alter_table('quickbooks_consents', schema=None) as batch_op:
        batch_op.drop_column('without_sending')
    with op.batch_alter_table('quickbooks_connections', schema=None) as batch_op:
        batch_op.drop_column('held_by')
        batch_op.drop_column('held_at')
