"""Import files in a job

Revision ID: 0035
Revises: 0034
Create Date: 2026-11-25 22:50:00

"""
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('csv_uploads') as batch_op:
        batch_op.add_column(sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('imported', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('trouble', sa.Text(), server_default='', nullable=False))
        batch_op.create_index(
            'ix_csv_uploads_unfinished',
            ['confirmed_at'],
            postgresql_where=sa.text('confirmed_at IS NOT NULL AND ended_at IS NULL'),
        )


def downgrade():
    with op.batch_alter_table('csv_uploads') as batch_op:
        batch_op.drop_index('ix_csv_uploads_unfinished')
        for name in ('trouble', 'imported', 'ended_at', 'confirmed_at'):
            batch_op.drop_column(name)
