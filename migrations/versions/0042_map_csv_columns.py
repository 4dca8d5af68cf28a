"""Map CSV columns

Revision ID: 0042
Revises: 0041
Create Date: 2026-11-26 02:30:00

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = '0042'
down_revision = '0041'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'csv_mappings',
        sa.Column('company_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=20), nullable=False),
        sa.Column('shape', sa.String(length=64), nullable=False),
        sa.Column('columns', postgresql.JSONB(), nullable=False),
        sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['company_id'], ['companies.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('company_id', 'kind', 'shape'),
    )
    with op.batch_alter_table('csv_uploads') as batch_op:
        batch_op.add_column(sa.Column('columns', postgresql.JSONB(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('answers', postgresql.JSONB(), server_default='{}', nullable=False))


def downgrade():
    with op.batch_alter_table('csv_uploads') as batch_op:
        batch_op.drop_column('answers')
        batch_op.drop_column('columns')
    op.drop_table('csv_mappings')
