"""Check the books daily

Revision ID: 0015
Revises: 0014
Create Date: 2026-11-25 18:20:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('quickbooks_connections', schema=None) as batch_op:
        batch_op.add_column(sa.Column('checked_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('check_due_at', sa.DateTime(timezone=True), nullable=True))


def downgrade():
    with op.batch_alter_table('quickbooks_connections', schema=None) as batch_op:
        batch_op.drop_column('check_due_at')
        batch_op.drop_column('checked_until')
