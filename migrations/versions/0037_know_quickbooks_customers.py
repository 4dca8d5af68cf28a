"""Know QuickBooks' customers

Revision ID: 0037
Revises: 0036
Create Date: 2026-11-26 02:00:00

"""
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None

TABLE = 'quickbooks_remote_customers'


def upgrade():
    op.create_table(
        TABLE,
        sa.Column('connection_id', sa.Integer(), nullable=False),
        sa.Column('remote_id', sa.String(length=40), nullable=False),
        sa.Column('name', sa.String(length=500), nullable=False),
        sa.Column('email', sa.String(length=100), nullable=False),
        sa.Column('phone', sa.String(length=40), nullable=False),
        sa.Column('street', sa.String(length=500), nullable=False),
        sa.Column('city_line', sa.String(length=600), nullable=False),
        sa.Column('postal_code', sa.String(length=40), nullable=False),
        sa.Column('is_active', sa.Boolean(), nullable=False),
        sa.Column('email_key', sa.String(length=100), nullable=False),
        sa.Column('phone_key', sa.String(length=10), nullable=False),
        sa.Column('address_key', sa.String(length=600), nullable=False),
        sa.ForeignKeyConstraint(['connection_id'], ['quickbooks_connections.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('connection_id', 'remote_id'),
    )
    for key in ('email', 'phone', 'address'):
        op.create_index(
            f'ix_{TABLE}_{key}',
            TABLE,
            ['connection_id', f'{key}_key'],
            postgresql_where=sa.text(f"{key}_key <> ''"),
        )
    with op.batch_alter_table('quickbooks_connections') as batch_op:
        batch_op.add_column(sa.Column('customers_read_at', sa.DateTime(timezone=True), nullable=True))


def downgrade():
    op.drop_table(TABLE)
    with op.batch_alter_table('quickbooks_connections') as batch_op:
        batch_op.drop_column('customers_read_at')
