"""Remember when an invoice was announced

Revision ID: 0051
Revises: 0050
Create Date: 2026-11-27 19:28:40.118302

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0051'
down_revision = '0050'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('invoices', sa.Column('announced_at', sa.DateTime(timezone=True), nullable=True))


def downgrade():
    op.drop_column('invoices', 'announced_at')
