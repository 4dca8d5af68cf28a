"""Where an invoice's work is done: one of its customer's service locations, kept as it was when it was sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from app.customers.events import customers_changed
from app.customers.models import ServiceLocation
from app.customers.place import Place
from app.extensions import db
from app.invoices import history, waiting_mail
from app.invoices.events import announce
from app.invoices.lifecycle import NotAllowed
from app.invoices.models import PLACE_COLUMNS, Invoice, InvoiceStatus

MOVED = "The address of its service location was changed before the e-mail left. Send it again."
UNSENT = (InvoiceStatus.DRAFT, InvoiceStatus.GENERATED)


def register() -> None:
    customers_changed.connect(follow)


def put(invoice: Invoice, customer_id: int, location_id: int | None) -> None:
    """Another customer or another location is another place; otherwise it stays, also when its location is gone.

    Raises NotAllowed when the location is not one of this customer's.
    """
    if (invoice.customer_id, invoice.location_id) == (customer_id, location_id):
        return
    location = db.session.get(ServiceLocation, location_id) if location_id else None
    if location_id and (location is None or location.customer_id != customer_id):
        raise NotAllowed("That is not one of the customer's service locations.")
    invoice.location_id = location_id
    invoice.place = location.place if location else Place()


def follow(company_id: int, ids: Sequence[int], **_: Any) -> None:
    """What these customers were not sent yet goes with its location's address; a corrected copy keeps the one that
    was sent.
    """
    is_other = or_(*(kept != getattr(ServiceLocation, name) for name, kept in PLACE_COLUMNS.items()))
    query = (
        select(Invoice, ServiceLocation)
        .join(ServiceLocation, ServiceLocation.id == Invoice.location_id)
        .where(
            Invoice.company_id == company_id,
            Invoice.customer_id.in_(ids),
            Invoice.status.in_(UNSENT),
            Invoice.replaces_id.is_(None),
            is_other,
        )
        .with_for_update(of=Invoice, key_share=True)
        .order_by(Invoice.id)
    )
    moved = [
        (invoice, location)
        for invoice, location in db.session.execute(query).tuples()
        if waiting_mail.hold_back(invoice, MOVED)  # one that is leaving keeps the address it leaves with
    ]
    for invoice, location in moved:
        invoice.place = location.place
        history.note(invoice, "took the changed address of its service location", is_part=True)
    db.session.flush()
    finalised = [invoice for invoice, _ in moved if invoice.status is not InvoiceStatus.DRAFT]
    if finalised:
        announce(company_id, finalised)
