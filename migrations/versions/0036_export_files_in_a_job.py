"""Export files in a job

Revision ID: 0036
Revises: 0035
Create Date: 2026-11-26 02:10:00

"""
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'csv_exports',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('company_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=20), nullable=False),
        sa.Column('query', sa.Text(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('tries', sa.Integer(), server_default='0', nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('rows', sa.Integer(), server_default='0', nullable=False),
        sa.Column('content', sa.LargeBinary(), nullable=True),
        sa.Column('size', sa.Integer(), server_default='0', nullable=False),
        sa.ForeignKeyConstraint(
            ['company_id'], ['companies.id'], name=op.f('fk_csv_exports_company_id_companies'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['user_id'], ['users.id'], name=op.f('fk_csv_exports_user_id_users'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_csv_exports')),
    )
    with op.batch_alter_table('csv_exports') as batch_op:
        batch_op.create_index(op.f('ix_csv_exports_company_id'), ['company_id'])
        batch_op.create_index(op.f('ix_csv_exports_user_id'), ['user_id'])
        batch_op.create_index(op.f('ix_csv_exports_created_at'), ['created_at'])
        batch_op.create_index(
            'ix_csv_exports_unfinished', ['created_at'], postgresql_where=sa.text('ended_at IS NULL')
        )


def downgrade():
    op.drop_table('csv_exports')
