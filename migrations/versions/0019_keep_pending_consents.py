"""Keep pending consents

Revision ID: 0019
Revises: 0018
Create Date: 2026-11-25 18:55:00.000000

"""
from alembic import op
import sqlalchemy as sa


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('quickbooks_consents',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['user_sessions.id'], name=op.f('fk_quickbooks_consents_session_id_user_sessions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quickbooks_consents')),
    sa.UniqueConstraint('digest', name=op.f('uq_quickbooks_consents_digest'))
    )
    with op.batch_alter_table('quickbooks_consents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quickbooks_consents_ends_at'), ['ends_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_quickbooks_consents_session_id'), ['session_id'], unique=False)


def downgrade():
    op.drop_table('quickbooks_consents')
