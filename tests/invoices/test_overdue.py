"""Overdue by the clock, and by the day where the company works."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import event as events

from app.extensions import db
from app.invoices.lifecycle import lock
from app.invoices.models import Invoice, InvoiceStatus
from app.invoices.overdue import mark_overdue
from app.invoices.payments import PaymentData, PaymentMethod, record_payment
from app.invoices.records import InvoiceData, update_invoice
from tests.activity.events import events_of
from tests.invoices import builders

S = InvoiceStatus


def due(bakery, day: date, status: S = S.SENT) -> Invoice:
    return builders.invoice(bakery, status=status, due_date=day)


def go_to(clock, moment: datetime) -> None:
    clock.advance(seconds=(moment - clock.now()).total_seconds())


@pytest.mark.parametrize(
    ("zone", "is_late"),
    [("Pacific/Auckland", True), ("America/New_York", False), ("Pacific/Honolulu", False)],
)
def test_the_day_is_the_companys(clock, bakery, zone, is_late):
    invoice = due(bakery, date(2026, 4, 1))
    invoice.company.time_zone = zone
    db.session.commit()
    go_to(clock, datetime(2026, 4, 1, 20, 0, tzinfo=UTC))  # the 2nd in Auckland
    assert mark_overdue() == int(is_late)
    assert invoice.status is (S.OVERDUE if is_late else S.SENT)


@pytest.mark.parametrize("status", InvoiceStatus)
def test_only_what_waits_for_money(clock, bakery, status):
    due(bakery, date(2026, 3, 20), status)
    go_to(clock, datetime(2026, 4, 1, tzinfo=UTC))
    assert bool(mark_overdue()) is (status in (S.SENT, S.PARTIALLY_PAID))


def test_it_is_noted_and_not_announced(clock, bakery):
    invoice = due(bakery, date(2026, 3, 20))
    go_to(clock, datetime(2026, 4, 1, tzinfo=UTC))
    with builders.announcements() as heard:
        mark_overdue()
    assert heard == []  # it says what it said
    event = events_of(invoice)[-1]
    assert (event.text, event.user_id) == ("became overdue", None)
    assert mark_overdue() == 0


def test_what_somebody_holds_is_left_for_the_next_time(app, clock, bakery):
    invoice_id = due(bakery, date(2026, 3, 20)).id
    go_to(clock, datetime(2026, 4, 1, tzinfo=UTC))
    with app.app_context():
        lock(db.session.get_one(Invoice, invoice_id))
        with app.app_context():
            assert mark_overdue() == 0
    assert mark_overdue() == 1


def test_a_due_date_put_off_takes_it_back(clock, bakery):
    invoice = due(bakery, date(2026, 3, 20))
    go_to(clock, datetime(2026, 4, 1, 12, 0, tzinfo=UTC))
    mark_overdue()
    data = InvoiceData.of(invoice)
    data.due_date = date(2026, 4, 30)
    update_invoice(invoice, data)
    assert invoice.status is S.SENT


def test_paid_in_full_it_is_late_no_more(clock, bakery):
    invoice = due(bakery, date(2026, 3, 20))
    go_to(clock, datetime(2026, 4, 1, 12, 0, tzinfo=UTC))
    mark_overdue()
    record_payment(invoice, PaymentData(Decimal(30), PaymentMethod.CASH, date(2026, 4, 1)))
    assert invoice.status is S.OVERDUE
    record_payment(invoice, PaymentData(Decimal(70), PaymentMethod.CASH, date(2026, 4, 1)))
    assert invoice.status is S.PAID


def test_an_operator_may_run_it(app, clock, bakery):
    due(bakery, date(2026, 3, 20))
    go_to(clock, datetime(2026, 4, 1, tzinfo=UTC))
    result = app.test_cli_runner().invoke(args=["invoices", "mark-overdue"])
    assert result.output == "Overdue now: 1.\n"


def test_many_are_marked_in_several_transactions(clock, bakery):
    """Memory and locks do not grow with what is late."""
    for _ in range(5):
        due(bakery, date(2026, 3, 20))
    go_to(clock, datetime(2026, 4, 1, tzinfo=UTC))
    commits = []

    def note(session) -> None:
        commits.append(session)

    events.listen(db.session, "after_commit", note)
    try:
        assert mark_overdue(at_once=2) == 5
    finally:
        events.remove(db.session, "after_commit", note)
    assert len(commits) >= 3
