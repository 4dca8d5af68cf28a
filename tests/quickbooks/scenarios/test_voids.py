"""Every status an invoice can sync in means the same in both books; a void is void there once its money is off."""

from decimal import Decimal

import pytest

from app.extensions import db
from app.invoices import disputes
from app.invoices.lifecycle import mark_sent, void
from app.invoices.models import InvoiceStatus
from app.invoices.overdue import mark_overdue
from app.invoices.records import InvoiceData
from app.invoices.totals import recalculate
from app.quickbooks import orders
from app.quickbooks.checks.audit import audit
from app.quickbooks.kinds.records import link_of
from app.quickbooks.mapping.voids import is_void
from app.quickbooks.models import RecordKind, TaskState
from simulator.books.rules import VOID_SEPARATORS
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create
from tests.quickbooks.conftest import SERVER_LIMIT
from tests.realms import AUTOMATED_TAX, UK, US

S = InvoiceStatus
BALANCES = {  # of an invoice of 100.00 and its tax
    S.GENERATED: "all",
    S.SENT: "all",
    S.OVERDUE: "all",
    S.PARTIALLY_PAID: "all but 40",
    S.PAID: "none",
    S.PARTIALLY_REFUNDED: "none",
    S.REFUNDED: "none",
    S.VOID: "void",
}


def bring_to(status: InvoiceStatus, bill, clock) -> None:
    """As an Owner and the clock do."""
    if status in (S.PAID, S.PARTIALLY_REFUNDED, S.REFUNDED):
        builders.payment(bill, str(bill.total))
    match status:
        case S.OVERDUE:
            clock.advance(days=60)
            mark_overdue()
        case S.PARTIALLY_PAID:
            builders.payment(bill, "40")
        case S.PARTIALLY_REFUNDED:
            builders.refund(bill, "25")
        case S.REFUNDED:
            builders.refund(bill, str(bill.total))
        case S.VOID:
            void(bill)
    db.session.commit()
    assert bill.status is status


def agrees(quickbooks, bill) -> None:
    """Checked in QuickBooks itself: total, balance, void, and the money that came and went."""
    quickbooks.in_order(bill, *bill.payments, *bill.refunds)
    there = quickbooks.invoice(bill.number)
    expected = {
        "all": bill.total,
        "all but 40": bill.total - 40,
        "none": Decimal(0),
        "void": Decimal(0),
    }[BALANCES[bill.status]]
    is_void = bill.status is S.VOID
    assert there["TotalAmt"] == (0 if is_void else bill.total)
    assert there["Balance"] == expected == bill.balance
    assert there.get("PrivateNote", "").startswith("Voided") is is_void
    assert sum(one["TotalAmt"] for one in quickbooks.books("Payment")) == bill.paid_total
    assert sum(one["TotalAmt"] for one in quickbooks.books("RefundReceipt")) == bill.refunded_total
    assert len(quickbooks.books("Invoice")) == 1
    assert audit(quickbooks.connection.id) == []


@pytest.mark.parametrize("status", BALANCES)
@pytest.mark.parametrize(
    ("way", "company"),
    [
        ("first sync", US),
        ("first sync", AUTOMATED_TAX),
        ("first sync", UK),
        ("re-sync", US),
        ("retry", US),
    ],
)
def test_each_status_means_the_same_there(quickbooks_of, owner, clock, status, way, company):
    quickbooks = quickbooks_of(owner, company)
    owner.company.currency = "GBP" if company == UK else "USD"
    db.session.commit()
    quickbooks.connect()
    quickbooks.drain()
    quickbooks.switch_payments()
    person = builders.customer(owner.company, state="CA")
    rate = Decimal(20) if company == UK else Decimal(8)
    began = S.GENERATED if status is S.GENERATED else S.SENT
    bill = builders.invoice(person, status=began, number="INV-7", tax_rate=rate)
    if way == "re-sync":
        quickbooks.drain()
    if way == "retry":
        refusal = {"code": "6000", "message": "A business validation error", "detail": "Not today"}
        quickbooks.script("fault", operation="invoice.create", **refusal)
        quickbooks.drain()
        assert quickbooks.row(bill).state is TaskState.ERROR
    bring_to(status, bill, clock)
    if way != "first sync":
        orders.push(quickbooks.connection, RecordKind.INVOICE, bill.id, "Olivia")
        db.session.commit()
    quickbooks.drain()
    agrees(quickbooks, bill)


def test_a_refunded_invoice_is_void_there_with_all_its_money(quickbooks, bill):
    builders.payment(bill, "60")
    builders.payment(bill, "40")
    builders.refund(bill, "100")
    quickbooks.drain()
    void(bill)
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(bill, *bill.payments, *bill.refunds)
    assert {one["TotalAmt"] for one in quickbooks.books("Payment")} == {0}
    assert quickbooks.books("RefundReceipt") == []
    assert quickbooks.invoice("INV-7")["TotalAmt"] == 0


def test_the_void_waits_while_nobody_knows_whether_its_payment_arrived(quickbooks, bill, clock):
    payment = builders.payment(bill, "100")
    builders.refund(bill, "100")
    quickbooks.script("cut_after", operation="payment.create")
    quickbooks.script("cut_after", operation="batch")
    quickbooks.drain()
    assert quickbooks.row(payment).state is TaskState.CHECKING
    void(bill)
    db.session.commit()
    quickbooks.drain()
    assert quickbooks.row(bill).state is TaskState.QUEUED
    for seconds in (5, 130):
        clock.advance(seconds=seconds)
        quickbooks.drain()
    quickbooks.in_order(bill, *bill.payments, *bill.refunds)
    assert quickbooks.invoice("INV-7")["TotalAmt"] == 0


def test_a_payment_somebody_recorded_there_blocks_the_void_and_says_so(quickbooks, bill):
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "pay", amount=30)
    void(bill)
    db.session.commit()
    quickbooks.drain()
    task = quickbooks.row(bill)
    assert (task.state, task.problem) == (TaskState.ERROR, "payment_applied")
    assert task.remedy == "Take that payment off the invoice in QuickBooks first, then retry."
    quickbooks.do("payment", quickbooks.books("Payment")[0]["Id"], "void")
    orders.push(quickbooks.connection, RecordKind.INVOICE, bill.id, "Olivia")
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(bill)


def test_a_deposited_payment_blocks_the_void_until_it_is_out_of_the_deposit(quickbooks, bill):
    payment = builders.payment(bill, "100")
    builders.refund(bill, "100")
    quickbooks.drain()
    quickbooks.do("payment", quickbooks.books("Payment")[0]["Id"], "deposit")
    void(bill)
    db.session.commit()
    quickbooks.drain()
    assert quickbooks.row(payment).problem == "deposited"
    task = quickbooks.row(bill)
    assert (task.state, task.problem) == (TaskState.ERROR, "waits_for_payment")
    assert "Payment of $100.00 for INV-7" in task.message


def test_with_payments_off_a_paid_invoice_there_cannot_be_voided_and_says_why(quickbooks, bill):
    builders.payment(bill, "100")
    builders.refund(bill, "100")
    quickbooks.drain()
    quickbooks.switch_payments(on=False)
    void(bill)
    db.session.commit()
    quickbooks.drain()
    assert quickbooks.row(bill).problem == "payment_applied"


def test_many_are_voided_one_by_one(quickbooks, owner):
    """A batch need not take a void."""
    person = builders.customer(owner.company)
    bills = [builders.sent_invoice(person) for _ in range(35)]
    quickbooks.drain()
    for one in bills:
        void(one)
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(*bills)
    assert {there["TotalAmt"] for there in quickbooks.books("Invoice")} == {0}


@pytest.mark.parametrize("effect", ["cut_before", "cut_after"])
def test_a_lost_void_is_void_once(quickbooks, bill, clock, effect):
    void(bill)
    db.session.commit()
    quickbooks.script(effect, operation="invoice.void")
    quickbooks.drain()
    clock.advance(seconds=5)
    quickbooks.drain()
    quickbooks.in_order(bill)
    assert quickbooks.invoice("INV-7")["TotalAmt"] == 0


@pytest.mark.parametrize("separator", VOID_SEPARATORS)
def test_one_with_a_note_that_was_voided_there_is_not_revived(quickbooks, bill, separator):
    quickbooks.simulator.company(quickbooks.realm, void_separator=separator)
    builders.edit_invoice(bill, notes="Gate code 4711")
    quickbooks.drain()
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "void")
    builders.edit_invoice(bill, notes="Gate code 4712")
    quickbooks.drain()
    assert quickbooks.row(bill).problem == "voided_in_quickbooks"
    assert quickbooks.invoice("INV-7")["PrivateNote"] == f"Voided{separator}Gate code 4711"


@pytest.mark.parametrize("separator", VOID_SEPARATORS)
def test_our_own_void_is_known_after_its_answer_was_lost(quickbooks, bill, clock, separator):
    quickbooks.simulator.company(quickbooks.realm, void_separator=separator)
    builders.edit_invoice(bill, notes="Gate code 4711")
    quickbooks.drain()
    void(bill)
    db.session.commit()
    quickbooks.script("cut_after", operation="invoice.void")
    quickbooks.drain()
    calls = len(quickbooks.simulator.calls())
    clock.advance(seconds=5)
    quickbooks.drain()
    quickbooks.in_order(bill)
    asked = quickbooks.simulator.calls()[calls:]
    assert not [call for call in asked if call["operation"].endswith(".void")]


@pytest.mark.parametrize("separator", VOID_SEPARATORS)
def test_a_payment_that_was_voided_there_is_known_by_its_note(quickbooks, bill, separator):
    quickbooks.simulator.company(quickbooks.realm, void_separator=separator)
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    quickbooks.do("payment", quickbooks.books("Payment")[0]["Id"], "void")
    builders.edit_payment(payment, reference="2042")
    quickbooks.drain()
    assert quickbooks.row(payment).problem == "payment_voided_there"
    assert [there["TotalAmt"] for there in quickbooks.books("Payment")] == [0]


@pytest.mark.parametrize("note", ["Voided cheque came back", "Voided - see INV-8", "Voided"])
@pytest.mark.parametrize("discount", ["0", "100"])
def test_a_free_invoice_whose_note_says_voided_is_not_void(quickbooks, owner, note, discount):
    person = builders.customer(owner.company)
    price = "0.00" if discount == "0" else "80.00"
    record = builders.sent_invoice(
        person, number="FREE-1", lines=(("Warranty visit", "1", price),), notes=note
    )
    record.lines[0].discount_percent = Decimal(discount)
    recalculate(record)
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(record)
    builders.edit_invoice(record, notes=f"{note}, again")
    quickbooks.drain()
    quickbooks.in_order(record)
    assert quickbooks.invoice("FREE-1")["PrivateNote"] == f"{note}, again"


@pytest.mark.parametrize("discount", ["0", "100"])
@pytest.mark.parametrize("is_there", [True, False])
def test_a_free_invoice_that_was_sent_is_voided_there_too(quickbooks, owner, is_there, discount):
    person = builders.customer(owner.company)
    price = "0.00" if discount == "0" else "80.00"
    record = builders.invoice(
        person, number="FREE-1", status=S.GENERATED, lines=(("Warranty visit", "1", price),)
    )
    record.lines[0].discount_percent = Decimal(discount)
    recalculate(record)
    mark_sent(record)
    db.session.commit()
    assert record.status is S.PAID
    if is_there:
        quickbooks.drain()
        quickbooks.in_order(record)
    void(record)
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(record)
    assert is_void(quickbooks.invoice("FREE-1"))
    assert len(quickbooks.books("Invoice")) == 1
    assert audit(quickbooks.connection.id) == []


QUEUE = "/settings/integrations/quickbooks/queue"


@pytest.fixture
def unsent(quickbooks, bill):
    """A second invoice of the customer, saved while sending was paused."""
    orders.hold(quickbooks.connection, "Olivia")
    db.session.commit()
    return builders.sent_invoice(bill.customer, number="INV-8")


def typed(quickbooks, **changed) -> dict:
    """A bookkeeper typed the second one in, and does so while nothing is sent."""
    there = quickbooks.invoice("INV-7")
    fields = {name: there[name] for name in ("CustomerRef", "TxnDate", "Line")}
    return create(quickbooks, "Invoice", **fields | {"DocNumber": "INV-8"} | changed)


def go_on(quickbooks) -> None:
    orders.start(quickbooks.connection)
    db.session.commit()
    quickbooks.drain()


def numbered(quickbooks) -> list[Decimal]:
    return sorted(one["TotalAmt"] for one in quickbooks.books("Invoice") if one["DocNumber"] == "INV-8")


@pytest.mark.parametrize("changed", [{}, {"TxnDate": "2026-02-20"}])
@pytest.mark.parametrize(("answer", "totals"), [("link", [0]), ("number", [0, 100])])
def test_one_that_was_typed_there_is_not_voided_unasked(quickbooks, unsent, owner, changed, answer, totals):
    """Ours became void before it ever went."""
    theirs = typed(quickbooks, **changed)
    void(unsent)
    go_on(quickbooks)
    row = quickbooks.row(unsent)
    assert (row.state, row.problem) == (TaskState.ERROR, "void_here_alone")
    assert "INV-8, $100.00, Rivera HVAC" in owner.get("/settings/integrations/quickbooks").text
    assert quickbooks.invoice("INV-8") == theirs
    owner.post(f"{QUEUE}/{row.id}/{answer}")
    quickbooks.drain()
    quickbooks.in_order(unsent)
    assert numbered(quickbooks) == totals
    assert (quickbooks.remote_id(unsent) == theirs["Id"]) == (answer == "link")


def test_nor_one_that_was_linked_before_ours_became_void(quickbooks, unsent, owner):
    """Who linked them was told that what is filled in here is written there."""
    theirs = typed(quickbooks, TxnDate="2026-02-20")
    go_on(quickbooks)
    row = quickbooks.row(unsent)
    assert row.problem == "doc_number_taken"
    owner.post(f"{QUEUE}/{row.id}/link")
    void(unsent)
    db.session.commit()
    quickbooks.drain()
    assert quickbooks.row(unsent).problem == "void_here_alone"
    assert quickbooks.invoice("INV-8") == theirs


def test_nor_one_that_was_typed_while_ours_is_disputed(quickbooks, unsent):
    """Disputed before it went, it takes nothing there for itself, and the reissue asks."""
    theirs = typed(quickbooks)
    disputes.dispute(unsent, "Too much")
    go_on(quickbooks)
    quickbooks.in_order(unsent)
    assert link_of(quickbooks.connection.id, RecordKind.INVOICE, unsent.id) is None
    copy = disputes.reissue(unsent, InvoiceData.of(unsent), disputes.MoneyReceived.GIVE_BACK)
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(copy)
    assert quickbooks.row(unsent).problem == "void_here_alone"
    assert quickbooks.invoice("INV-8") == theirs


def test_one_that_is_void_there_too_is_taken_as_it_is(quickbooks, unsent):
    theirs = typed(quickbooks)
    quickbooks.do("invoice", theirs["Id"], "void")
    there = quickbooks.invoice("INV-8")
    void(unsent)
    go_on(quickbooks)
    quickbooks.in_order(unsent)
    assert quickbooks.invoice("INV-8") == there


@pytest.mark.parametrize("effect", ["cut_before", "cut_after"])
def test_a_void_one_that_went_and_whose_answer_was_lost_is_void_there_once(quickbooks, unsent, clock, effect):
    void(unsent)
    quickbooks.script(effect, operation="invoice.create")
    go_on(quickbooks)
    for seconds in (5, SERVER_LIMIT, SERVER_LIMIT):
        clock.advance(seconds=seconds)
        quickbooks.drain()
    quickbooks.in_order(unsent)
    assert numbered(quickbooks) == [0]
