"""Find what waits by index

Revision ID: 0031
Revises: 0030
Create Date: 2026-11-25 22:30:00

"""
from alembic import op

# revision identifiers, used by Alembic.
revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None

NO_STREET = "coalesce(snapshot['seen']['ShipAddr'] ->> 'Line1', '') = ''"
INDEXES = {
    "ix_quickbooks_links_unplaced": f"quickbooks_links (connection_id, record_id) WHERE kind = 'invoice' AND {NO_STREET}",
    "ix_quickbooks_links_moved": """quickbooks_links (connection_id)
        WHERE kind = 'invoice' AND snapshot @> '{"balance_moved": true}'""",
}


def upgrade():
    with op.get_context().autocommit_block():  # the queue goes on while a large table is indexed
        for name, on in INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")  # what a migration left that was cut short
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {on}")


def downgrade():
    with op.get_context().autocommit_block():
        for name in INDEXES:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
