"""Note when a row that stopped begins or ends to follow another by itself

Revision ID: 0055
Revises: 0054
Create Date: 2026-11-28 12:15:00

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = '0055'
down_revision = '0054'
branch_labels = None
depends_on = None

FOLLOWING = "('needed_record_failed', 'needed_customer_doubtful', 'waits_for_payment')"
BEFORE = "CASE WHEN state IN ('synced', 'skipped', 'error') THEN state END"
COUNTED_AS = (
    f"CASE WHEN state = 'error' AND problem IN {FOLLOWING} THEN 'following' "
    "WHEN state IN ('synced', 'skipped', 'error') THEN state END"
)


def upgrade():
    op.execute(_function(COUNTED_AS))


def downgrade():
    op.execute(_function(BEFORE))


def _function(counted_as):
    """As 0040 makes it, with another look at the state."""
    return f"""
        CREATE OR REPLACE FUNCTION quickbooks_tasks_recount_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            INSERT INTO quickbooks_changed_invoices (company_id, invoice_id)
            SELECT company_id, record_id FROM (
                SELECT connection_id, kind, record_id, {counted_as} FROM written
                EXCEPT SELECT connection_id, kind, record_id, {counted_as} FROM erased
            ) AS changed
            JOIN quickbooks_connections AS connection ON connection.id = changed.connection_id
            WHERE kind = 'invoice';
            RETURN NULL;
        END $$
    """
