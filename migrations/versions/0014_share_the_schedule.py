"""Share the schedule among workers; renew idle tokens by jobs

Revision ID: 0014
Revises: 0013
Create Date: 2026-11-25 17:45:00.000000

"""
from alembic import op
import sqlalchemy as sa


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade():
    op.drop_table('heartbeats')
    op.create_table('chores',
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_chores'))
    )
    with op.batch_alter_table('quickbooks_connections', schema=None) as batch_op:
        batch_op.add_column(sa.Column('renewal_due_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_quickbooks_connections_renewal', ['renewal_due_at'], unique=False, postgresql_where=sa.text("state = 'connected'"))
    with op.batch_alter_table('quickbooks_batches', schema=None) as batch_op:
        batch_op.create_index('ix_quickbooks_batches_settled', ['settled_at'], unique=False, postgresql_where=sa.text("state = 'settled' AND items <> '[]'"))


def downgrade():
    with op.batch_alter_table('quickbooks_batches', schema=None) as batch_op:
        batch_op.drop_index('ix_quickbooks_batches_settled')
    with op.batch_alter_table('quickbooks_connections', schema=None) as batch_op:
        batch_op.drop_index('ix_quickbooks_connections_renewal')
        batch_op.drop_column('renewal_due_at')
    op.drop_table('chores')
    op.create_table('heartbeats',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_heartbeats'))
    )
