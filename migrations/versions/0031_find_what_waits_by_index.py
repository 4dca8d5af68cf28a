"""Find what waits by index

Revision ID: 0031
Revises: 0030
Create Date: 2026-11-25 22:30:00

"""
from migrations.online import create_indexes, drop_indexes

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
    create_indexes(INDEXES)


def downgrade():
    drop_indexes(INDEXES)
