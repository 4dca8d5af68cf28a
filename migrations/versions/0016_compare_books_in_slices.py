"""Compare books in slices

Revision ID: 0016
Revises: 0015
Create Date: 2026-11-25 18:20:00.000000

"""
from alembic import op
import sqlalchemy as sa


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('quickbooks_tie_out_reads',
    sa.Column('tie_out_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('number_key', sa.Text(), nullable=False),
    sa.Column('dated', sa.Date(), nullable=False),
    sa.Column('customer_id', sa.String(length=40), nullable=False),
    sa.Column('customer_name', sa.Text(), nullable=False),
    sa.Column('total', sa.Numeric(), nullable=False),
    sa.Column('balance', sa.Numeric(), nullable=False),
    sa.Column('is_void', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['tie_out_id'], ['quickbooks_tie_outs.id'], name=op.f('fk_quickbooks_tie_out_reads_tie_out_id_quickbooks_tie_outs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tie_out_id', 'id', name=op.f('pk_quickbooks_tie_out_reads'))
    )
    with op.batch_alter_table('quickbooks_tie_out_reads', schema=None) as batch_op:
        batch_op.create_index('ix_quickbooks_tie_out_reads_number', ['tie_out_id', 'number_key'], unique=False)
    with op.batch_alter_table('quickbooks_tie_outs', schema=None) as batch_op:
        batch_op.add_column(sa.Column('next_start', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('compared_to', sa.Integer(), server_default='0', nullable=False))
    op.execute("UPDATE quickbooks_tie_outs SET state = 'failed', message = 'The comparison was interrupted before it was done. Compare again.' WHERE state = 'running'")


def downgrade():
    with op.batch_alter_table('quickbooks_tie_outs', schema=None) as batch_op:
        batch_op.drop_column('compared_to')
        batch_op.drop_column('next_start')
    op.drop_table('quickbooks_tie_out_reads')
