"""A company's tax number and logo

Revision ID: 0034
Revises: 0033
Create Date: 2026-11-25 22:35:00

"""
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('companies', schema=None) as batch_op:
        batch_op.add_column(sa.Column('tax_number', sa.String(length=40), server_default='', nullable=False))
    op.create_table(
        'company_logos',
        sa.Column('company_id', sa.Integer(), nullable=False),
        sa.Column('picture', sa.LargeBinary(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['company_id'], ['companies.id'], name=op.f('fk_company_logos_company_id_companies'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('company_id', name=op.f('pk_company_logos')),
    )


def downgrade():
    op.drop_table('company_logos')
    with op.batch_alter_table('companies', schema=None) as batch_op:
        batch_op.drop_column('tax_number')
