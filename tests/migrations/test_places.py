"""What the migration makes of invoices and links from before invoices had a place (revision 0023)."""

from datetime import UTC, datetime

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from app.customers.place import Place
from app.customers.records import LocationData
from app.extensions import db
from app.invoices.models import Invoice, InvoiceStatus
from tests.invoices import builders
from tests.migrations import MIGRATIONS
from tests.quickbooks.builders import connected

OFFICE = LocationData("Office", "12 Elm Street", "Portland", "ME", "04101", "USA", is_primary=True)
ADDRESS = {
    "Line1": "12 Elm Street",
    "City": "Portland",
    "CountrySubDivisionCode": "ME",
    "PostalCode": "04101",
    "Country": "USA",
}
NOWHERE = dict.fromkeys(ADDRESS, "")
BEFORE = '{"sent": {"DocNumber": "1"}, "seen": {"DocNumber": "1"}}'


def migrate_again() -> None:
    db.session.commit()
    db.session.remove()
    downgrade(directory=MIGRATIONS, revision="0022")
    link = (
        "INSERT INTO quickbooks_links (connection_id, kind, record_id, remote_id, sync_token, snapshot, linked_at, "
        "pushed_at) SELECT c.id, :kind, r.id, r.id, '0', CAST(:snapshot AS jsonb), now(), now() "
        "FROM quickbooks_connections AS c, {table} AS r"
    )
    with db.engine.begin() as connection:
        for kind, table in (("customer", "customers"), ("invoice", "invoices")):
            connection.execute(text(link.format(table=table)), {"kind": kind, "snapshot": BEFORE})
    upgrade(directory=MIGRATIONS)


def sent_addresses(kind: str) -> list[dict[str, str]]:
    query = (
        "SELECT snapshot->'sent'->'ShipAddr', snapshot->'sent'->>'DocNumber' FROM quickbooks_links "
        "WHERE kind = :kind ORDER BY record_id"
    )
    rows = db.session.execute(text(query), {"kind": kind}).tuples().all()
    assert [number for _, number in rows] == ["1"] * len(rows)
    return [address for address, _ in rows]


def test_invoices_get_the_primary_location_and_nothing_looks_changed(app: Flask, owner):
    connected(owner.company)
    at_home = builders.customer(owner.company, locations=[OFFICE, LocationData("Cabin", city="Conway")])
    nowhere = builders.customer(owner.company, "Nowhere")
    ids = [builders.invoice(of, status=InvoiceStatus.SENT).id for of in (at_home, nowhere)]
    office, then = at_home.locations[0].id, at_home.updated_at
    migrate_again()
    placed, unplaced = (db.session.get_one(Invoice, id_) for id_ in ids)
    assert (placed.location_id, placed.place) == (
        office,
        Place("Office", "12 Elm Street", "Portland", "ME", "04101", "USA"),
    )
    assert (unplaced.location_id, unplaced.place) == (None, Place())
    assert placed.updated_at == then == datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert sent_addresses("customer") == [ADDRESS, NOWHERE]
    assert sent_addresses("invoice") == [ADDRESS, NOWHERE]
