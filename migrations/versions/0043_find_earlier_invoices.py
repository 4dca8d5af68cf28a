"""Find earlier invoices

Revision ID: 0043
Revises: 0042
Create Date: 2026-11-26 02:40:00

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = '0043'
down_revision = '0042'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'quickbooks_found_invoices',
        sa.Column('connection_id', sa.Integer(), nullable=False),
        sa.Column('invoice_id', sa.Integer(), nullable=False),
        sa.Column('remote_id', sa.String(length=40), nullable=False),
        sa.Column('record', postgresql.JSONB(), nullable=False),
        sa.Column('reason', sa.String(length=120), nullable=False),
        sa.Column(
            'state',
            sa.Enum('found', 'linked', 'another', name='found_state', native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['connection_id'], ['quickbooks_connections.id'], ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['invoice_id'], ['invoices.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('connection_id', 'invoice_id'),
    )
    with op.batch_alter_table('quickbooks_connections') as batch_op:
        batch_op.add_column(sa.Column('earlier_asked_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('earlier_read_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column('earlier_trouble', sa.String(length=40), server_default='', nullable=False)
        )


def downgrade():
    op.drop_table('quickbooks_found_invoices')
    with op.batch_alter_table('quickbooks_connections') as batch_op:
        for name in ('earlier_trouble', 'earlier_read_at', 'earlier_asked_at'):
            batch_op.drop_column(name)
