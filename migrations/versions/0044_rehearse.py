"""Rehearse the sending

Revision ID: 0044
Revises: 0043
Create Date: 2026-11-26 02:50:00

"""
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = '0044'
down_revision = '0043'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'quickbooks_rehearsals',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('connection_id', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(length=30), nullable=False),
        sa.Column('done', sa.Integer(), nullable=False),
        sa.Column('expected', sa.Integer(), nullable=False),
        sa.Column('chosen', sa.String(length=64), nullable=False),
        sa.Column('message', sa.Text(), nullable=False),
        sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['connection_id'], ['quickbooks_connections.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_quickbooks_rehearsals_connection_id', 'quickbooks_rehearsals', ['connection_id'])
    op.create_table(
        'quickbooks_rehearsal_lines',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('rehearsal_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=30), nullable=False),
        sa.Column('record_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('amount', sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column('fate', sa.String(length=30), nullable=False),
        sa.Column('problem', sa.String(length=40), nullable=False),
        sa.Column('message', sa.Text(), nullable=False),
        sa.Column('remedy', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(['rehearsal_id'], ['quickbooks_rehearsals.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(
        'ix_quickbooks_rehearsal_lines_run',
        'quickbooks_rehearsal_lines',
        ['rehearsal_id', 'kind', 'fate', 'problem'],
    )


def downgrade():
    op.drop_table('quickbooks_rehearsal_lines')
    op.drop_table('quickbooks_rehearsals')
