"""A payment in QuickBooks' shape, and how it is known again."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.accounts.models import Company
from app.extensions import now
from app.invoices.models import Invoice, InvoiceStatus, Payment, PaymentMethod
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.money_record import is_over, mark_in, new_mark, proof_in
from app.quickbooks.mapping.payment import (
    applied,
    payment_body,
    same_check,
)
from app.quickbooks.mapping.problems import CannotMap
from app.quickbooks.mapping.refs import Refs

REFS = Refs(customer_id="42", invoice_id="130")
MARK = "9f86d081884c7d65"
FACTS = CompanyFacts(payment_methods={"check": "2", "credit card": "3"})


def payment(**fields) -> Payment:
    invoice = Invoice(
        number="INV-7", status=InvoiceStatus.SENT, company=Company(currency=fields.pop("currency", "USD"))
    )
    data = {"method": PaymentMethod.CARD, "received_on": date(2026, 3, 2), "reference": "1042"} | fields
    return Payment(id=12, invoice=invoice, amount=Decimal("40.00"), **data)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("1042", "CHK-01042", True),
        ("", "1042", True),
        ("wire", " WIRE ", True),
        ("wire", "cash", False),
        ("1042", "1043", False),
    ],
)
def test_check_numbers_are_compared_as_people_write_them(one, other, is_same):
    assert same_check(one, other) is is_same


def test_it_is_applied_to_its_invoice_and_carries_our_mark():
    assert payment_body(payment(), REFS, FACTS, "35", MARK) == {
        "TotalAmt": Decimal("40.00"),
        "CustomerRef": {"value": "42"},
        "TxnDate": "2026-03-02",
        "PaymentRefNum": "1042",
        "PrivateNote": f"FSM Navigator payment mark {MARK}",
        "Line": [{"Amount": Decimal("40.00"), "LinkedTxn": [{"TxnId": "130", "TxnType": "Invoice"}]}],
        "DepositToAccountRef": {"value": "35"},
        "PaymentMethodRef": {"value": "3"},
    }


@pytest.mark.parametrize("method", [PaymentMethod.OTHER, PaymentMethod.CASH])
def test_a_method_quickbooks_does_not_know_is_left_out(method: PaymentMethod):
    assert "PaymentMethodRef" not in payment_body(payment(method=method), REFS, FACTS, None, MARK)


def test_without_an_account_quickbooks_chooses():
    assert "DepositToAccountRef" not in payment_body(payment(), REFS, FACTS, None, MARK)


def test_another_currency_holds_it_back():
    with pytest.raises(CannotMap, match="currency_differs"):
        payment_body(payment(currency="GBP"), REFS, FACTS, None, MARK)


def test_multicurrency_names_the_currency():
    body = payment_body(payment(), REFS, replace(FACTS, multicurrency=True), None, MARK)
    assert body["CurrencyRef"] == {"value": "USD"}


def test_what_quickbooks_shows_of_it_afterwards_is_what_was_sent():
    answer = payment_body(payment(), REFS, FACTS, "35", MARK) | {"UnappliedAmt": 0}
    assert applied(answer) == {"130": Decimal("40.00")}


def test_a_void_payment_is_applied_to_nothing():
    line = {"Amount": 0, "LinkedTxn": [{"TxnId": "130", "TxnType": "Invoice"}]}
    assert applied({"TotalAmt": 0, "PrivateNote": "Voided", "Line": [line]}) == {}


@pytest.mark.parametrize(
    ("note", "mark", "proof"),
    [
        (f"FSM Navigator payment mark {MARK}", f"FSM Navigator payment mark {MARK}", MARK),
        (f"Voided - FSM Navigator payment mark {MARK}; seen", f"FSM Navigator payment mark {MARK}", MARK),
        (f"FSM Navigator payment mark {MARK}0", "", ""),
        ("FSM Navigator payment 12", "FSM Navigator payment 12", ""),
        ("FSM Navigator payment 123; cleared in May", "FSM Navigator payment 123", ""),
        ("Paid at the counter", "", ""),
        ("", "", ""),
    ],
)
def test_the_mark_is_found_in_whatever_note_but_a_bare_id_proves_nothing(note: str, mark: str, proof: str):
    assert (mark_in(note), proof_in(note)) == (mark, proof)


def test_what_went_before_there_were_marks_keeps_its_note():
    assert payment_body(payment(), REFS, FACTS, None, mark="")["PrivateNote"] == "FSM Navigator payment 12"


def test_every_mark_is_another():
    assert len({new_mark() for _ in range(100)}) == 100


def test_a_payment_is_over_when_it_is_taken_back_or_its_invoice_void(app):
    taken_back, voided = payment(taken_back_at=now()), payment()
    voided.invoice.status = InvoiceStatus.VOID
    assert [is_over(one) for one in (payment(), taken_back, voided)] == [False, True, True]
