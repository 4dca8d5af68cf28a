"""A bookkeeper proves a month: what somebody did in QuickBooks, or not yet did, shows as what it is."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.extensions import db, now
from app.invoices.models import InvoiceStatus
from app.quickbooks.models import RemoteLink, SyncTask, TaskState
from app.quickbooks.tie_out import report
from app.quickbooks.tie_out.models import TieOut, TieOutLine, Verdict
from app.quickbooks.tie_out.report import Tally
from tests.quickbooks import builders

MARCH, FEBRUARY = date(2026, 3, 1), date(2026, 2, 1)


@pytest.fixture
def person(quickbooks, owner):
    return builders.customer(owner.company, "Rivera HVAC")


def billed(person, number: str, price: str = "100.00", **fields):
    return builders.invoice(person, number=number, lines=(("Service call", "1", price),), **fields)


def remote_id(quickbooks, number: str) -> str:
    return next(bill["Id"] for bill in quickbooks.books("Invoice") if bill.get("DocNumber") == number)


def line_of(run: TieOut, invoice) -> TieOutLine | None:
    return db.session.query(TieOutLine).filter_by(tie_out_id=run.id, invoice_id=invoice.id).one_or_none()


def link_of(invoice) -> RemoteLink:
    return db.session.query(RemoteLink).filter_by(kind="invoice", record_id=invoice.id).one()


def said(run: TieOut, invoice) -> tuple[Verdict, str]:
    line = line_of(run, invoice)
    return line.verdict, line.detail


def month_of(run: TieOut, first: date) -> report.Month:
    return next(month for month in report.months(run) if month.first == first)


def test_two_months_that_tie(quickbooks, person, tie_out):
    billed(person, "INV-1", "100.10")
    billed(person, "INV-2", "0.05")
    billed(person, "INV-3", "70.00", issue_date=date(2026, 2, 28))
    quickbooks.drain()
    run = tie_out()
    months = report.months(run)
    assert [(month.first, month.ties) for month in months] == [(MARCH, True), (FEBRUARY, True)]
    assert months[0].all == Tally(2, Decimal("100.15"), 2, Decimal("100.15"))
    assert report.together(months).all == Tally(3, Decimal("170.15"), 3, Decimal("170.15"))


def test_what_a_bookkeeper_did_in_quickbooks(quickbooks, person, tie_out):
    other = builders.customer(person.company, "Bob's")
    bills = {name: billed(person, f"INV-{name}") for name in ("edited", "void", "gone", "moved", "kept")}
    builders.invoice(other)
    quickbooks.drain()
    (bob,) = [record["Id"] for record in quickbooks.books("Customer") if record["DisplayName"] != person.name]
    line = {
        "DetailType": "SalesItemLineDetail",
        "Amount": 90,
        "SalesItemLineDetail": {"ItemRef": {"value": "1"}},
    }
    quickbooks.do("invoice", remote_id(quickbooks, "INV-edited"), "edit", Line=[line], DocNumber="1044")
    quickbooks.do("invoice", remote_id(quickbooks, "INV-void"), "void")
    quickbooks.do("invoice", remote_id(quickbooks, "INV-gone"), "delete")
    moved = {"TxnDate": "2026-04-01", "CustomerRef": {"value": bob}}
    quickbooks.do("invoice", remote_id(quickbooks, "INV-moved"), "edit", **moved)
    run = tie_out()
    assert said(run, bills["edited"]) == (
        Verdict.DIFFERENT,
        "Total $100.00 here, $90.00 in QuickBooks; number INV-edited here, 1044 in QuickBooks.",
    )
    assert said(run, bills["void"]) == (Verdict.DIFFERENT, "Void in QuickBooks, $100.00 here.")
    assert said(run, bills["gone"]) == (Verdict.MISSING, "It was in QuickBooks and is gone there.")
    assert said(run, bills["moved"]) == (
        Verdict.DIFFERENT,
        "Date Mar 2, 2026 here, Apr 1, 2026 in QuickBooks; customer Rivera HVAC here, Bob's in QuickBooks.",
    )
    assert said(run, bills["kept"]) == (Verdict.AGREES, "")
    march = month_of(run, MARCH)
    assert march.all == Tally(6, Decimal("600.00"), 5, Decimal("390.00"))
    assert not march.ties
    assert not march.is_explained


def test_a_payment_in_quickbooks_is_no_difference_until_payments_sync(quickbooks, person, tie_out):
    bill = billed(person, "INV-1")
    quickbooks.drain()
    quickbooks.do("invoice", remote_id(quickbooks, "INV-1"), "pay", amount=40)
    assert said(tie_out(), bill) == (Verdict.AGREES, "")
    quickbooks.connection.preferences.sync_payments = True
    db.session.commit()
    run = tie_out()
    assert said(run, bill) == (Verdict.DIFFERENT, "Balance $100.00 here, $60.00 in QuickBooks.")
    assert line_of(run, bill).balance_there == 60
    assert not month_of(run, MARCH).ties  # the totals agree, yet somebody has to look


def test_the_same_number_twice(quickbooks, person, tie_out):
    bill, double = billed(person, "INV-1"), billed(person, "INV-2")
    quickbooks.drain()
    quickbooks.simulator.company(quickbooks.realm, warn_duplicate_numbers=False)
    quickbooks.do("invoice", remote_id(quickbooks, "INV-2"), "edit", DocNumber="INV-1")
    run = tie_out()
    assert said(run, bill) == (Verdict.DIFFERENT, "2 invoices in QuickBooks have this number.")
    assert said(run, double)[0] is Verdict.DIFFERENT
    assert not month_of(run, MARCH).ties


def test_voids_count_as_nothing_on_both_sides(quickbooks, person, tie_out):
    bill, sent_void = billed(person, "INV-1"), billed(person, "INV-2", status=InvoiceStatus.VOID)
    quickbooks.drain()
    builders.edit_invoice(bill, status=InvoiceStatus.VOID)
    before = tie_out()
    assert said(before, bill) == (Verdict.DIFFERENT, "Void here, $100.00 in QuickBooks.")
    quickbooks.drain()
    run = tie_out()
    assert [said(run, one)[0] for one in (bill, sent_void)] == [Verdict.AGREES, Verdict.AGREES]
    assert month_of(run, MARCH).all == Tally(2, Decimal(0), 2, Decimal(0))
    assert month_of(run, MARCH).ties


def test_a_queue_half_done(quickbooks, person, tie_out):
    done = billed(person, "INV-1")
    quickbooks.drain()
    queued, failed, late = (billed(person, f"INV-{number}", "10.00") for number in (2, 3, 4))
    connection = quickbooks.connection
    words = {"message": "No account is chosen.", "remedy": "Choose one."}
    builders.put_in(builders.task_of(connection, failed), TaskState.ERROR, **words)
    later = now() + timedelta(hours=1)
    builders.put_in(builders.task_of(connection, late), TaskState.BACKOFF, due_at=later)
    run = tie_out()
    assert said(run, done)[0] is Verdict.AGREES
    assert said(run, queued) == (Verdict.WAITING, "It is in the queue.")
    assert said(run, failed) == (Verdict.WAITING, "No account is chosen. Choose one.")
    assert said(run, late)[0] is Verdict.WAITING
    march = month_of(run, MARCH)
    assert march.by_verdict[Verdict.WAITING] == Tally(3, Decimal("30.00"), 0, Decimal(0))
    assert march.all.difference == Decimal("30.00")


def test_an_edit_that_waits_is_a_difference_until_it_has_arrived(quickbooks, person, tie_out):
    bill = billed(person, "INV-1")
    quickbooks.drain()
    builders.edit_invoice(bill, number="INV-1B")
    assert said(tie_out(), bill)[0] is Verdict.DIFFERENT
    quickbooks.drain()
    assert said(tie_out(), bill)[0] is Verdict.AGREES


def test_what_was_left_out_or_never_sent_explains_the_difference(quickbooks, person, tie_out):
    left_out = billed(person, "INV-1", "20.00")
    builders.put_in(builders.task_of(quickbooks.connection, left_out), TaskState.SKIPPED)
    old = billed(person, "INV-2", "30.00", announce=False)
    old.generated_at = quickbooks.connection.first_connected_at - timedelta(days=1)
    meanwhile = billed(person, "INV-3", "40.00", announce=False)
    draft = billed(person, "INV-4", status=InvoiceStatus.DRAFT)
    disputed = billed(person, "INV-5", status=InvoiceStatus.DISPUTED)
    quickbooks.drain()
    run = tie_out()
    assert said(run, left_out)[0] is Verdict.SKIPPED
    assert said(run, old) == (Verdict.NOT_SENT, "It is older than the connection.")
    assert said(run, meanwhile) == (Verdict.NOT_SENT, "It was generated while invoices did not sync.")
    assert line_of(run, draft) is None
    assert line_of(run, disputed) is None
    march = month_of(run, MARCH)
    assert march.all.difference == Decimal("90.00")
    assert march.is_explained
    assert not march.ties


@pytest.mark.parametrize("generated_before", [True, False])
def test_one_dated_before_the_owners_day_says_so(quickbooks, person, tie_out, generated_before):
    old, new = (billed(person, f"INV-{day}", announce=False, issue_date=date(2026, 2, day)) for day in (1, 2))
    if generated_before:
        old.generated_at = quickbooks.connection.first_connected_at - timedelta(days=1)
    quickbooks.connection.preferences.send_from = new.issue_date
    db.session.commit()
    run = tie_out()
    assert said(run, old) == (
        Verdict.NOT_SENT,
        "It is dated before Feb 2, 2026, the first day of what is sent by itself.",
    )
    assert said(run, new) == (Verdict.NOT_SENT, "It was generated while invoices did not sync.")


def test_a_disputed_invoice_that_is_in_quickbooks_still_counts(quickbooks, person, tie_out):
    bill = billed(person, "INV-1")
    quickbooks.drain()
    builders.edit_invoice(bill, status=InvoiceStatus.DISPUTED)
    run = tie_out()
    assert said(run, bill)[0] is Verdict.AGREES
    assert month_of(run, MARCH).ties


def test_what_was_made_in_quickbooks_itself_is_counted_apart(quickbooks, person, tie_out):
    kept, theirs = billed(person, "INV-1"), billed(person, "INV-2", "55.00", issue_date=date(2026, 2, 10))
    quickbooks.drain()
    db.session.delete(link_of(theirs))
    db.session.query(SyncTask).filter_by(kind="invoice", record_id=theirs.id).delete()
    db.session.commit()
    run = tie_out()
    assert said(run, kept)[0] is Verdict.AGREES
    assert said(run, theirs) == (
        Verdict.NOT_SENT,
        "It was generated while invoices did not sync. QuickBooks has another invoice with this number.",
    )
    assert month_of(run, FEBRUARY).made_there == Tally(found=1, there=Decimal("55.00"))
    assert report.together(report.months(run)).made_there.found == 1
    assert month_of(run, MARCH).ties


NUMBER, DATE = "number INV-1 here, 1044 in QuickBooks", "date Mar 2, 2026 here, Apr 1, 2026 in QuickBooks"
LEFT = ". Left so by Olivia, Mar 2, 2026."


def test_a_difference_that_an_owner_left_says_so(quickbooks, person, tie_out):
    bill = billed(person, "INV-1")
    quickbooks.drain()
    quickbooks.do("invoice", remote_id(quickbooks, "INV-1"), "edit", DocNumber="1044")
    link_of(bill).left_different = {"at": now().isoformat(), "by": "Olivia", "fields": [NUMBER]}
    db.session.commit()
    assert said(tie_out(), bill) == (Verdict.DIFFERENT, f"N{NUMBER[1:]}{LEFT}")


@pytest.mark.parametrize(
    ("left", "changes", "detail"),
    [
        ([NUMBER], {}, f"N{NUMBER[1:]}{LEFT}"),
        ([NUMBER, DATE], {"TxnDate": "2026-04-01"}, f"N{NUMBER[1:]}; {DATE}{LEFT}"),
        ([f"{NUMBER}; {DATE}"], {"TxnDate": "2026-04-01"}, f"N{NUMBER[1:]}; {DATE}{LEFT}"),
        ([f"{NUMBER}; {DATE}"], {}, f"N{NUMBER[1:]}{LEFT}"),
        ([NUMBER], {"TxnDate": "2026-04-01"}, f"N{NUMBER[1:]}; {DATE}."),
        ([NUMBER.replace("1044", "1043")], {}, f"N{NUMBER[1:]}."),
    ],
)
def test_only_what_somebody_left_is_said_to_be_left(
    quickbooks, person, tie_out, left: list[str], changes: dict, detail: str
):
    """While an edit waits to be sent, which no check tells anything on (checks/findings.py)."""
    bill = billed(person, "INV-1")
    quickbooks.drain()
    quickbooks.do("invoice", remote_id(quickbooks, "INV-1"), "edit", DocNumber="1044", **changes)
    link_of(bill).left_different = {"at": now().isoformat(), "by": "Olivia", "fields": left}
    builders.edit_invoice(bill, notes="edited")
    assert said(tie_out(), bill) == (Verdict.DIFFERENT, detail)


def test_amounts_carry_the_companys_currency(quickbooks, person, tie_out):
    bill = billed(person, "INV-1")
    quickbooks.drain()
    person.company.currency, bill.total = "GBP", Decimal("99.99")
    db.session.commit()
    assert said(tie_out(), bill)[1] == "Total £99.99 here, £100.00 in QuickBooks."
