"""Payments, refunds and what they make of an invoice: exact, in step with its status, never more than there is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.extensions import db
from app.invoices import lifecycle
from app.invoices.dates import today
from app.invoices.events import invoices_changed, payments_changed, refunds_changed
from app.invoices.lifecycle import NotAllowed
from app.invoices.models import Invoice, InvoiceStatus, PaymentMethod
from app.invoices.payments import PaymentData, record_payment, take_back
from app.invoices.refunds import RefundData, record_refund
from app.invoices.statuses import status_by_money
from tests.invoices import builders

S = InvoiceStatus
TODAY = date(2026, 3, 2)


def pay(invoice: Invoice, amount: str, on: date = TODAY):
    return record_payment(invoice, PaymentData(Decimal(amount), PaymentMethod.CHECK, on, "1042"))


def refund(invoice: Invoice, amount: str, on: date = TODAY, reason: str = "Wrong part"):
    return record_refund(invoice, RefundData(Decimal(amount), PaymentMethod.CASH, on, reason))


@pytest.fixture
def sent(bakery) -> Invoice:
    """$100.00, due in a month."""
    return builders.invoice(bakery, status=S.SENT)


@pytest.mark.parametrize(
    ("total", "paid", "refunded", "due_in_days", "status"),
    [
        ("100", "0", "0", 0, S.SENT),
        ("100", "0", "0", -1, S.OVERDUE),
        ("100", "0.01", "0", 0, S.PARTIALLY_PAID),
        ("100", "99.99", "0", -1, S.OVERDUE),
        ("100", "100", "0", -1, S.PAID),
        ("100", "100", "0.01", -1, S.PARTIALLY_REFUNDED),
        ("100", "100", "100", -1, S.REFUNDED),
        ("100", "40", "40", 5, S.REFUNDED),
        ("100", "40", "10", -1, S.PARTIALLY_REFUNDED),
        ("0", "0", "0", -1, S.PAID),
    ],
)
def test_the_status_follows_the_money_and_the_day(total, paid, refunded, due_in_days, status):
    invoice = Invoice(
        status=S.SENT,
        total=Decimal(total),
        paid_total=Decimal(paid),
        refunded_total=Decimal(refunded),
        due_date=TODAY + timedelta(days=due_in_days),
    )
    assert status_by_money(invoice, TODAY) is status


def test_part_by_part_to_paid(sent):
    pay(sent, "40")
    assert (sent.status, sent.balance) == (S.PARTIALLY_PAID, Decimal("60.00"))
    pay(sent, "60")
    assert (sent.status, sent.balance) == (S.PAID, Decimal("0.00"))


@pytest.mark.parametrize("amount", ["100.01", "1000"])
def test_never_more_than_the_balance(sent, amount):
    with pytest.raises(NotAllowed, match=r"The balance is \$100\.00"):
        pay(sent, amount)
    assert sent.payments == []


@pytest.mark.parametrize("step", [pay, refund])
def test_not_in_the_future(sent, step):
    if step is refund:
        pay(sent, "50")
    with pytest.raises(NotAllowed, match="future"):
        step(sent, "10", on=TODAY + timedelta(days=1))


def test_a_payment_by_mistake_is_taken_back(sent):
    payment = pay(sent, "100")
    take_back(payment)
    assert (sent.status, sent.balance, sent.paid_total) == (S.SENT, Decimal("100.00"), Decimal("0.00"))
    with pytest.raises(NotAllowed, match="already"):
        take_back(payment)


def test_after_a_refund_payments_stay(sent):
    payment = pay(sent, "100")
    refund(sent, "30")
    with pytest.raises(NotAllowed, match="given back already"):
        take_back(payment)


def test_refunds_in_parts_and_no_more_than_came_in(sent):
    pay(sent, "80")
    refund(sent, "30")
    assert (sent.status, sent.balance) == (S.PARTIALLY_REFUNDED, Decimal("20.00"))
    with pytest.raises(NotAllowed, match=r"At most \$50\.00"):
        refund(sent, "50.01")
    refund(sent, "50")
    assert (sent.status, sent.refunded_total) == (S.REFUNDED, Decimal("80.00"))


def test_after_a_refund_the_rest_may_still_be_paid(sent):
    pay(sent, "80")
    refund(sent, "30")
    pay(sent, "20")
    assert (sent.status, sent.balance) == (S.PARTIALLY_REFUNDED, Decimal("0.00"))


def test_what_was_never_paid_is_still_owed_when_all_was_given_back(owner, sent):
    pay(sent, "40")
    refund(sent, "40")
    assert (sent.status, sent.balance) == (S.REFUNDED, Decimal("60.00"))
    db.session.commit()
    assert sent.number in owner.get("/invoices?view=open").text
    assert "$60.00" in owner.get(f"/customers/{sent.customer_id}").text
    pay(sent, "60")
    assert (sent.status, sent.balance) == (S.PARTIALLY_REFUNDED, Decimal("0.00"))


def test_a_refunded_invoice_that_owes_nothing_takes_no_payment(sent):
    pay(sent, "100")
    refund(sent, "100")
    with pytest.raises(NotAllowed, match="takes no payment"):
        pay(sent, "0.01")


def test_a_refund_says_why(sent):
    pay(sent, "10")
    with pytest.raises(NotAllowed, match="Say why"):
        refund(sent, "10", reason="  ")


def test_refunded_then_void_and_both_are_announced(sent):
    payment = pay(sent, "100")
    with pytest.raises(NotAllowed, match="Refund it first"):
        lifecycle.void(sent)
    gone = refund(sent, "100")
    with builders.heard_from(payments_changed, refunds_changed, invoices_changed) as heard:
        lifecycle.void(sent)
    assert sent.status is S.VOID
    assert heard == [
        (payments_changed, [payment.id]),
        (refunds_changed, [gone.id]),
        (invoices_changed, [sent.id]),
    ]


def test_two_at_once_never_receive_more_than_the_balance(app, sent):
    db.session.commit()
    invoice_id = sent.id

    def try_to_pay(_: int) -> bool:
        with app.app_context():
            try:
                pay(db.session.get_one(Invoice, invoice_id), "60")
            except NotAllowed:
                db.session.rollback()
                return False
            db.session.commit()
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(try_to_pay, range(4))) == [False, False, False, True]
    db.session.expire_all()
    assert sent.paid_total == sum(payment.amount for payment in sent.payments) == Decimal("60.00")


# Few amounts, so that they often meet: too much by a cent, exactly enough, the rest.
AMOUNTS = st.sampled_from(["0.01", "39.99", "40", "60", "60.01", "100", "100.01"])
STEPS = st.lists(st.tuples(st.sampled_from(["pay", "refund", "take back"]), AMOUNTS), max_size=8)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=STEPS)
def test_whatever_happens_the_sums_hold(bakery, steps):
    invoice = builders.invoice(bakery, status=S.SENT)
    for what, amount in steps:
        standing = [payment for payment in invoice.payments if payment.taken_back_at is None]
        try:
            match what:
                case "pay":
                    pay(invoice, amount)
                case "refund":
                    refund(invoice, amount)
                case "take back" if standing:
                    take_back(standing[-1])
        except NotAllowed:
            pass
        db.session.commit()
    standing = [payment.amount for payment in invoice.payments if payment.taken_back_at is None]
    assert invoice.paid_total == sum(standing, Decimal(0))
    assert invoice.refunded_total == sum((one.amount for one in invoice.refunds), Decimal(0))
    assert 0 <= invoice.refunded_total <= invoice.paid_total <= invoice.total
    assert invoice.status is status_by_money(invoice, today(invoice.company))
