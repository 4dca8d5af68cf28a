"""List what QuickBooks has

Revision ID: 0041
Revises: 0040
Create Date: 2026-11-26 02:15:00

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

# revision identifiers, used by Alembic.
revision = '0041'
down_revision = '0040'
branch_labels = None
depends_on = None

LISTS = ('told_kinds', 'known_kinds')
MOMENTS = ('unheard_since', 'known_until', 'known_fresh_until', 'numbers_refused_at')


def upgrade():
    op.create_table(
        'quickbooks_known',
        sa.Column('connection_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=30), nullable=False),
        sa.Column('remote_id', sa.String(length=40), nullable=False),
        sa.Column('key', sa.Text(), nullable=False),
        sa.Column('unread', sa.Boolean(), nullable=False),
        sa.Column('heard_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['connection_id'], ['quickbooks_connections.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('connection_id', 'kind', 'remote_id'),
    )
    op.create_index('ix_quickbooks_known_key', 'quickbooks_known', ['connection_id', 'kind', 'key'])
    op.create_index(
        'ix_quickbooks_known_unread', 'quickbooks_known', ['connection_id'], postgresql_where=sa.text('unread')
    )
    with op.batch_alter_table('quickbooks_connections') as batch_op:
        for name in MOMENTS:
            batch_op.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        for name in LISTS:
            batch_op.add_column(sa.Column(name, JSONB(), server_default='[]', nullable=False))


def downgrade():
    with op.batch_alter_table('quickbooks_connections') as batch_op:
        for name in (*MOMENTS, *LISTS):
            batch_op.drop_column(name)
    op.drop_table('quickbooks_known')
