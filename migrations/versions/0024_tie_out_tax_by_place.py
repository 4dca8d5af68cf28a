"""Tie out tax by place

Revision ID: 0024
Revises: 0023
Create Date: 2026-11-25 19:25:00

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB(astext_type=sa.Text())


def upgrade():
    with op.batch_alter_table('quickbooks_tie_out_reads', schema=None) as batch_op:
        batch_op.add_column(sa.Column('taxes', JSONB, server_default='{}', nullable=False))
    with op.batch_alter_table('quickbooks_tie_out_lines', schema=None) as batch_op:
        batch_op.add_column(sa.Column('state_here', sa.String(length=60), server_default='', nullable=False))
        batch_op.add_column(sa.Column('city_here', sa.String(length=100), server_default='', nullable=False))
        batch_op.add_column(sa.Column('tax_here', sa.Numeric(precision=14, scale=2), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('taxes_there', JSONB, server_default='{}', nullable=False))


def downgrade():
    with op.batch_alter_table('quickbooks_tie_out_lines', schema=None) as batch_op:
        for name in ('taxes_there', 'tax_here', 'city_here', 'state_here'):
            batch_op.drop_column(name)
    with op.batch_alter_table('quickbooks_tie_out_reads', schema=None) as batch_op:
        batch_op.drop_column('taxes')
