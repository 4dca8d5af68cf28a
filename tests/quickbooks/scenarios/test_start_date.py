"""“Send invoices dated from …”: which invoices go by themselves, and which are only offered."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.extensions import db
from app.invoices.lifecycle import void
from app.invoices.models import InvoiceStatus
from app.quickbooks.outbox import backlog, invoice_counts
from app.quickbooks.outbox.invoice_counts import Sum
from tests.quickbooks import builders


def invoice(quickbooks, owner, day: date, generated_before: bool):
    """Saved as the invoice rooms do, and generated a day before the connection or after it."""
    record = builders.sent_invoice(builders.customer(owner.company), issue_date=day, announce=False)
    if generated_before:
        record.generated_at = quickbooks.connection.connected_at - timedelta(days=1)
    db.session.commit()
    builders.edit_invoice(record, notes="saved")
    return record


START = date(2026, 2, 1)
OLD, NEW = date(2026, 1, 31), date(2026, 2, 1)
TABLE = [
    # start, day, generated before connecting: goes by itself
    (None, OLD, False, True),
    (None, NEW, True, False),
    (START, OLD, False, False),
    (START, OLD, True, False),
    (START, NEW, False, True),
    (START, NEW, True, True),
]


@pytest.mark.parametrize(("start", "day", "generated_before", "goes"), TABLE)
def test_which_go_by_themselves(quickbooks, owner, start, day, generated_before, goes):
    quickbooks.connection.preferences.send_from = start
    db.session.commit()
    record = invoice(quickbooks, owner, day, generated_before)
    quickbooks.drain()
    assert (quickbooks.row(record) is not None) is goes
    assert len(quickbooks.books("Invoice")) == goes


@pytest.mark.parametrize("start", [None, START])
def test_a_draft_that_was_voided_stays_here(quickbooks, owner, start):
    """Nobody outside has seen it, whatever day it is dated."""
    quickbooks.connection.preferences.send_from = start
    draft = builders.invoice(builders.customer(owner.company), status=InvoiceStatus.DRAFT)
    void(draft)
    db.session.commit()
    quickbooks.drain()
    assert quickbooks.books("Invoice") == []
    counts = invoice_counts.counts(quickbooks.connection)
    assert (counts.unsent, counts.earlier, counts.absent) == (Sum(), Sum(), Sum())
    assert "never sent" not in owner.get("/settings/integrations/quickbooks").text
    assert draft.number is None or draft.number not in owner.get("/invoices?view=not_in_quickbooks").text
    backlog.queue_earlier(quickbooks.connection)
    db.session.commit()
    assert quickbooks.row(draft) is None


def test_what_an_earlier_start_takes_in_is_offered_not_sent(quickbooks, owner):
    record = invoice(quickbooks, owner, NEW, generated_before=True)
    assert invoice_counts.counts(quickbooks.connection).unsent == Sum(0, Decimal(0))
    quickbooks.connection.preferences.send_from = START
    db.session.commit()
    quickbooks.drain()
    assert quickbooks.books("Invoice") == []
    assert invoice_counts.counts(quickbooks.connection).unsent == Sum(1, record.total)


def test_what_was_sent_already_goes_on_whatever_the_start(quickbooks, owner):
    record = invoice(quickbooks, owner, OLD, generated_before=False)
    quickbooks.drain()
    quickbooks.connection.preferences.send_from = START
    db.session.commit()
    builders.edit_invoice(record, notes="changed")
    quickbooks.drain()
    assert quickbooks.invoice(record.number)["PrivateNote"] == "changed"


PAGE = "/settings/integrations/quickbooks"


def test_the_owner_chooses_it_in_the_preferences(quickbooks, owner):
    record = invoice(quickbooks, owner, NEW, generated_before=True)
    form = {
        "sync_customers": "y",
        "sync_invoices": "y",
        "income_account_id": quickbooks.connection.preferences.income_account_id,
    }
    answer = owner.post(f"{PAGE}/preferences", form | {"send_from": "2026-02-01"})
    assert answer.status_code == 303, answer.text
    assert quickbooks.connection.preferences.send_from == START
    page = owner.get(PAGE).text
    assert "1 invoice, $100.00," in page
    assert "dated from Feb 1, 2026, was never sent." in page
    owner.post(f"{PAGE}/unsent")
    quickbooks.drain()
    quickbooks.in_order(record)


def test_a_day_that_is_none_is_said_beside_the_field(quickbooks, owner):
    form = {"sync_invoices": "y", "income_account_id": quickbooks.connection.preferences.income_account_id}
    answer = owner.post(f"{PAGE}/preferences", form | {"send_from": "soon"})
    assert answer.status_code == 422
    assert 'id="send_from-note"' in answer.text
