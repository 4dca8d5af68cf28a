"""Disputed, withdrawn, or voided and replaced by a corrected copy; the money goes where the owner says."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.accounts.locking import lock_company
from app.extensions import db
from app.invoices.disputes import MoneyReceived, dispute, reissue, withdraw
from app.invoices.events import invoices_changed, payments_changed
from app.invoices.lifecycle import NotAllowed, lock, void
from app.invoices.models import Invoice, InvoiceStatus, PaymentMethod
from app.invoices.payments import PaymentData, record_payment
from app.invoices.records import InvoiceData
from devtools.waiting import wait_until
from tests.invoices import builders
from tests.locks import somebody_waits

S = InvoiceStatus
MOVE, GIVE_BACK = MoneyReceived.MOVE, MoneyReceived.GIVE_BACK


def disputed(bakery, paid: str = "0") -> Invoice:
    invoice = builders.invoice(bakery, status=S.SENT)
    if paid != "0":
        record_payment(invoice, PaymentData(Decimal(paid), PaymentMethod.CHECK, date(2026, 3, 2)))
    dispute(invoice, "Two hours were billed, one was worked")
    return invoice


def corrected(invoice: Invoice, price: str = "100") -> InvoiceData:
    data = InvoiceData.of(invoice)
    data.lines = [builders.line(price=price)]
    return data


def test_a_dispute_has_a_reason(bakery):
    with pytest.raises(NotAllowed, match="Say what"):
        dispute(builders.invoice(bakery, status=S.SENT), " ")


@pytest.mark.parametrize(("paid", "status"), [("0", S.SENT), ("40", S.PARTIALLY_PAID), ("100", S.PAID)])
def test_withdrawn_it_stands_where_its_money_is(bakery, paid, status):
    invoice = disputed(bakery, paid)
    withdraw(invoice)
    assert (invoice.status, invoice.dispute_reason) == (status, "")


def test_it_is_not_voided_by_itself(bakery):
    with pytest.raises(NotAllowed, match="Reissue it, or withdraw"):
        void(disputed(bakery))


def test_the_copy_has_the_next_number_and_names_the_first(bakery):
    invoice = disputed(bakery)
    with builders.announcements() as heard:
        copy = reissue(invoice, corrected(invoice, "50"), MOVE)
    assert (invoice.status, copy.status) == (S.VOID, S.GENERATED)
    assert copy.replaces is invoice
    assert copy.number > invoice.number
    assert copy.total == Decimal("50.00")
    assert [ids for _, ids in heard] == [[copy.id], [invoice.id]]


def test_money_moves_along(bakery):
    invoice = disputed(bakery, "40")
    copy = reissue(invoice, corrected(invoice, "50"), MOVE)
    assert (copy.status, copy.paid_total, copy.balance) == (
        S.PARTIALLY_PAID,
        Decimal("40.00"),
        Decimal("10.00"),
    )
    assert (invoice.status, invoice.paid_total) == (S.VOID, Decimal("0.00"))
    assert [payment.invoice_id for payment in copy.payments] == [copy.id]


def test_money_is_announced_between_the_copy_and_what_it_replaces(bakery):
    invoice = disputed(bakery, "40")
    (payment,) = invoice.payments
    with builders.heard_from(invoices_changed, payments_changed) as heard:
        copy = reissue(invoice, corrected(invoice, "50"), MOVE)
    assert heard == [
        (invoices_changed, [copy.id]),
        (invoices_changed, [copy.id]),
        (payments_changed, [payment.id]),
        (invoices_changed, [invoice.id]),
    ]


def test_money_that_pays_the_copy_whole(bakery):
    invoice = disputed(bakery, "40")
    assert reissue(invoice, corrected(invoice, "40"), MOVE).status is S.PAID


def test_more_money_than_the_copy_holds_is_not_moved(bakery):
    invoice = disputed(bakery, "40")
    with pytest.raises(NotAllowed, match=r"\$40\.00 was received, more than the corrected total of \$39\.99"):
        reissue(invoice, corrected(invoice, "39.99"), MOVE)


def test_money_stays_with_the_customer_it_came_from(bakery, library):
    invoice = disputed(bakery, "40")
    elsewhere = replace(corrected(invoice), customer_id=library.id)
    with pytest.raises(NotAllowed, match=r"\$40\.00 was received from Elm Street Bakery"):
        reissue(invoice, elsewhere, MOVE)


def test_money_goes_back(bakery):
    invoice = disputed(bakery, "40")
    copy = reissue(invoice, corrected(invoice, "50"), GIVE_BACK)
    (refund,) = invoice.refunds
    assert (refund.amount, refund.method, refund.reason) == (
        Decimal("40.00"),
        PaymentMethod.CHECK,
        f"Reissued as {copy.number}",
    )
    assert (invoice.status, invoice.refunded_total) == (S.VOID, Decimal("40.00"))
    assert (copy.status, copy.paid_total) == (S.GENERATED, Decimal("0.00"))


def test_what_came_in_by_check_and_in_cash_goes_back_so(bakery):
    invoice = disputed(bakery, paid="60")
    withdraw(invoice)
    record_payment(invoice, PaymentData(Decimal("40"), PaymentMethod.CASH, date(2026, 3, 2)))
    dispute(invoice, "Nothing was repaired")
    reissue(invoice, corrected(invoice, "50"), GIVE_BACK)
    assert {refund.method: refund.amount for refund in invoice.refunds} == {
        PaymentMethod.CHECK: Decimal("60"),
        PaymentMethod.CASH: Decimal("40"),
    }
    assert invoice.held == 0


def test_the_company_is_locked_before_the_invoice(app, bakery):
    """Who sends an invoice by e-mail does it in this order: in another one, the two would wait for each other."""
    invoice = disputed(bakery)
    db.session.commit()
    data, invoice_id = corrected(invoice), invoice.id

    def reissue_it() -> str:
        with app.app_context():
            copy = reissue(db.session.get_one(Invoice, invoice_id), data, MOVE)
            db.session.commit()
            return copy.number

    lock_company(invoice.company_id)
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(reissue_it)
        wait_until(lambda: somebody_waits() or other.done(), "the reissue waits for the company")
        lock(invoice)
        assert invoice.status is S.DISPUTED
        db.session.commit()
        assert other.result() > invoice.number
