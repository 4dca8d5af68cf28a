"""What several stories begin with, and what holds in all of them."""

from collections.abc import Iterator

import pytest

from app.extensions import db
from app.quickbooks.account.gateway import RenewingTransport, always_open
from app.quickbooks.lane.sending import Flight
from tests.quickbooks import builders
from tests.quickbooks.checkpoint import built_once


@pytest.fixture(autouse=True)
def no_transaction_is_open_while_a_lane_waits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Checked at each request and each wait of every story: QuickBooks may take two minutes to answer."""
    broken = []
    ask, wait = RenewingTransport.request, Flight.landed

    def asking(transport, method, path, **options):
        if transport._gate is not always_open and db.session().in_transaction():
            broken.append(f"{method} {path}")
        return ask(transport, method, path, **options)

    def waiting(flight):
        if db.session().in_transaction():
            broken.append("writes")
        return wait(flight)

    monkeypatch.setattr(RenewingTransport, "request", asking)
    monkeypatch.setattr(Flight, "landed", waiting)
    yield
    assert not broken


@built_once
def bill(quickbooks, owner):
    """Sent, $100.00, in QuickBooks; payments sync."""
    record = builders.sent_invoice(builders.customer(owner.company, "Rivera HVAC"), number="INV-7")
    quickbooks.drain()
    quickbooks.switch_payments()
    return record


@built_once
def bills(quickbooks, owner):
    """Five that are due and go in one batch: their customer and item are in QuickBooks already."""
    person = builders.customer(owner.company)
    builders.invoice(person)
    quickbooks.drain()
    return [builders.invoice(person) for _ in range(5)]
