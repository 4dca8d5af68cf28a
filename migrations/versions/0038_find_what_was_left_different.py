"""Find what was left different

Revision ID: 0038
Revises: 0037
Create Date: 2026-11-26 02:20:00

"""
from migrations.online import create_indexes, drop_indexes

# revision identifiers, used by Alembic.
revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None

NAME = "ix_quickbooks_links_different"


def upgrade():
    create_indexes({NAME: "quickbooks_links (connection_id) WHERE left_different <> '{}'"})


def downgrade():
    drop_indexes([NAME])
