"""Say where the work is done

Revision ID: 0023
Revises: 0022
Create Date: 2026-11-25 19:10:00

"""
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

LENGTHS = {"label": 80, "street": 200, "city": 100, "state": 60, "postal_code": 20, "country": 60}


def upgrade():
    with op.batch_alter_table('invoices', schema=None) as batch_op:
        batch_op.add_column(sa.Column('location_id', sa.Integer(), nullable=True))
        for name, length in LENGTHS.items():
            batch_op.add_column(
                sa.Column(f'place_{name}', sa.String(length=length), server_default='', nullable=False)
            )
    copied = ", ".join(f"place_{name} = place.{name}" for name in LENGTHS)
    op.execute(
        f"UPDATE invoices SET location_id = place.id, {copied} FROM service_locations AS place "
        "WHERE place.customer_id = invoices.customer_id AND place.is_primary"
    )
    with op.batch_alter_table('invoices', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invoices_location_id'), ['location_id'], unique=False)
        batch_op.create_foreign_key(
            batch_op.f('fk_invoices_location_id_service_locations'),
            'service_locations', ['location_id'], ['id'], ondelete='SET NULL',
        )
    # What is in QuickBooks stays as it is there until it is changed here: the links take these addresses for sent.
    for kind, table, join, columns in (
        ("customer", "service_locations", "what.customer_id = record_id AND what.is_primary", ""),
        ("invoice", "invoices", "what.id = record_id", "place_"),
    ):
        address = ", ".join(f"'{theirs}', {_line(columns + ours)}" for theirs, ours in ADDRESS.items())
        op.execute(
            f"UPDATE quickbooks_links SET snapshot = {_with_sent(f'jsonb_build_object({address})')} "
            f"FROM {table} AS what WHERE kind = '{kind}' AND {join}"
        )
    empty = "'{" + ", ".join(f'"{theirs}": ""' for theirs in ADDRESS) + "}'::jsonb"
    op.execute(
        f"UPDATE quickbooks_links SET snapshot = {_with_sent(empty)} WHERE kind = 'customer' AND NOT EXISTS "
        "(SELECT 1 FROM service_locations WHERE customer_id = record_id AND is_primary)"
    )


def downgrade():
    op.execute(
        "UPDATE quickbooks_links SET snapshot = snapshot #- '{sent,ShipAddr}' WHERE kind IN ('customer', 'invoice')"
    )
    with op.batch_alter_table('invoices', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_invoices_location_id_service_locations'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_invoices_location_id'))
        for name in ("location_id", *(f"place_{name}" for name in LENGTHS)):
            batch_op.drop_column(name)


ADDRESS = {
    "Line1": "street",
    "City": "city",
    "CountrySubDivisionCode": "state",
    "PostalCode": "postal_code",
    "Country": "country",
}


def _line(column: str) -> str:
    """One line of text, as the mapping writes it."""
    signs = r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]"
    return rf"btrim(regexp_replace(regexp_replace(what.{column}, '{signs}', '', 'g'), '[\t\r\n]+', ' ', 'g'))"


def _with_sent(address: str) -> str:
    return (
        "snapshot || jsonb_build_object('sent', coalesce(snapshot->'sent', '{}'::jsonb) || "
        f"jsonb_build_object('ShipAddr', {address}))"
    )
