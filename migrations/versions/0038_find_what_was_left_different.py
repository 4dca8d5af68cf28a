"""Find what was left different

Revision ID: 0038
Revises: 0037
Create Date: 2026-11-26 02:20:00

"""
from alembic import op

# revision identifiers, used by Alembic.
revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None

NAME = "ix_quickbooks_links_different"


def upgrade():
    with op.get_context().autocommit_block():  # the queue goes on while a large table is indexed
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}")  # what a migration left that was cut short
        op.execute(
            f"CREATE INDEX CONCURRENTLY {NAME} ON quickbooks_links (connection_id) WHERE left_different <> '{{}}'"
        )


def downgrade():
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}")
