"""Payments, credit memos and refunds: what they do to balances and versions (contract sections 4.5 and 4.6)."""

from decimal import Decimal
from typing import Any

import pytest
import requests

from tests.simulator.connected import Connected, invoice_body, line


def pay(
    us: Connected, customer: dict[str, Any], total: str, *applied: tuple[str, dict[str, Any], str]
) -> Any:
    return us.post("payment", payment_body(customer, total, *applied))["Payment"]


def payment_body(
    customer: dict[str, Any], total: str, *applied: tuple[str, dict[str, Any], str], **fields: Any
) -> dict[str, Any]:
    lines = [
        {"Amount": Decimal(amount), "LinkedTxn": [{"TxnId": record["Id"], "TxnType": kind}]}
        for kind, record, amount in applied
    ]
    return {"CustomerRef": {"value": customer["Id"]}, "TotalAmt": Decimal(total), "Line": lines, **fields}


def now(us: Connected, kind: str, record: dict[str, Any]) -> dict[str, Any]:
    return us.get(f"{kind.lower()}/{record['Id']}")[kind]


def balance(us: Connected, customer: dict[str, Any]) -> Decimal:
    return now(us, "Customer", customer)["Balance"]


def test_a_payment_moves_balance_link_and_version_of_the_invoice(us: Connected) -> None:
    customer = us.customer()
    invoice = us.invoice(customer)
    payment = pay(us, customer, "70", ("Invoice", invoice, "70"))

    after = now(us, "Invoice", invoice)
    assert (after["Balance"], after["TotalAmt"]) == (Decimal(30), Decimal(100))
    assert after["SyncToken"] == "1"
    assert after["LinkedTxn"] == [{"TxnId": payment["Id"], "TxnType": "Payment"}]
    assert payment["UnappliedAmt"] == 0
    assert payment["DepositToAccountRef"]["name"] == "Undeposited Funds"
    assert {"any"} == set(payment["Line"][0]["LineEx"])
    assert balance(us, customer) == Decimal(30)


def test_the_rest_of_an_overpayment_stays_unapplied(us: Connected) -> None:
    customer = us.customer()
    invoice = us.invoice(customer)
    payment = pay(us, customer, "130", ("Invoice", invoice, "130"))

    assert payment["Line"][0]["Amount"] == Decimal(100)
    assert payment["UnappliedAmt"] == Decimal(30)
    assert now(us, "Invoice", invoice)["Balance"] == 0
    assert balance(us, customer) == Decimal(-30)


def test_an_update_applies_a_payment_anew(us: Connected) -> None:
    customer = us.customer()
    first, second = us.invoice(customer), us.invoice(customer)
    payment = pay(us, customer, "60", ("Invoice", first, "60"))
    moved = payment_body(
        customer, "60", ("Invoice", second, "60"), Id=payment["Id"], SyncToken="0", sparse=True
    )
    us.post("payment", moved)

    assert now(us, "Invoice", first)["Balance"] == Decimal(100)
    assert now(us, "Invoice", first)["LinkedTxn"] == []
    assert now(us, "Invoice", second)["Balance"] == Decimal(40)


@pytest.mark.parametrize(("need_lines", "left"), [(True, 100), (False, 40)])
def test_an_update_without_lines_takes_a_payment_off(us: Connected, need_lines: bool, left: int) -> None:
    us.simulator.company(us.realm, payment_updates_need_lines=need_lines)
    customer = us.customer()
    invoice = us.invoice(customer)
    payment = pay(us, customer, "60", ("Invoice", invoice, "60"))
    us.post("payment", {"Id": payment["Id"], "SyncToken": "0", "sparse": True, "PaymentRefNum": "7"})
    us.simulator.bookkeeper(us.realm, "payment", payment["Id"], "edit", PaymentRefNum="8")

    assert now(us, "Invoice", invoice)["Balance"] == left
    assert now(us, "Payment", payment)["UnappliedAmt"] == left - 40


def test_the_bookkeepers_form_keeps_the_lines(us: Connected) -> None:
    customer = us.customer()
    invoice = us.invoice(customer)
    payment = pay(us, customer, "60", ("Invoice", invoice, "60"))
    us.simulator.bookkeeper(us.realm, "payment", payment["Id"], "edit", PaymentRefNum="8")
    assert now(us, "Invoice", invoice)["Balance"] == 40


@pytest.mark.parametrize("operation", ["operation=delete", "operation=update&include=void"])
def test_without_its_payment_the_invoice_is_open_again(us: Connected, operation: str) -> None:
    customer = us.customer()
    invoice = us.invoice(customer)
    payment = pay(us, customer, "100", ("Invoice", invoice, "100"))
    us.post(f"payment?{operation}", {"Id": payment["Id"], "SyncToken": "0", "sparse": True})

    after = now(us, "Invoice", invoice)
    assert (after["Balance"], after["LinkedTxn"]) == (Decimal(100), [])
    assert us.post("invoice?operation=void", {"Id": invoice["Id"], "SyncToken": after["SyncToken"]})


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"TotalAmt": None}, "6000"),
        ({"CustomerRef": None}, "2020"),
        ({"TotalAmt": -5}, "2290"),
        ({"PaymentMethodRef": {"value": "99"}}, "2500"),
        ({"DepositToAccountRef": {"value": "1"}}, "6430"),
        ({"PaymentRefNum": "x" * 22}, "2050"),
        ({"Line": [{"Amount": 5}]}, "2020"),
        ({"Line": [{"Amount": 5, "LinkedTxn": [{"TxnId": "999", "TxnType": "Invoice"}]}]}, "610"),
        ({"Line": [{"Amount": 5, "LinkedTxn": [{"TxnId": "1", "TxnType": "Estimate"}]}]}, "620"),
        ({"Cheque": "1"}, "2010"),
    ],
)
def test_what_a_payment_cannot_be(us: Connected, fields: dict[str, Any], code: str) -> None:
    assert us.refused("payment", {**payment_body(us.customer(), "5"), **fields})["code"] == code


def test_a_payment_says_that_its_amount_is_missing(us: Connected) -> None:
    error = us.refused("payment", {"CustomerRef": {"value": us.customer()["Id"]}})
    assert error["Detail"] == "Business Validation Error: You must set a transaction amount."


def test_links_to_others_invoices_and_to_paid_ones_are_refused(us: Connected) -> None:
    customer, other = us.customer("A"), us.customer("B")
    theirs, paid = us.invoice(other), us.invoice(customer)
    pay(us, customer, "100", ("Invoice", paid, "100"))
    for invoice in (theirs, paid):
        assert us.refused("payment", payment_body(customer, "5", ("Invoice", invoice, "5")))["code"] == "620"


def test_a_payment_for_anothers_invoice_may_stay_unapplied(us: Connected) -> None:
    us.simulator.company(us.realm, refuse_paying_for_others=False)
    customer, other = us.customer("A"), us.customer("B")
    theirs = us.invoice(other)
    payment = pay(us, customer, "5", ("Invoice", theirs, "5"))
    assert (payment["Line"], payment["UnappliedAmt"]) == ([], 5)
    assert (now(us, "Invoice", theirs)["Balance"], balance(us, customer)) == (100, -5)


def test_only_documented_forms_void(us: Connected) -> None:
    customer = us.customer()
    invoice = us.invoice(customer)
    known = {"Id": pay(us, customer, "5")["Id"], "SyncToken": "0", "sparse": True}
    assert us.refused("payment?operation=void", known)["code"] == "500"
    memo = us.post("creditmemo", invoice_body(customer, line("5")))["CreditMemo"]
    for operation in ("operation=void", "operation=update&include=void"):
        assert us.refused(f"creditmemo?{operation}", {**known, "Id": memo["Id"]})["code"] == "500"
    sent = {**known, "Id": invoice["Id"]}
    assert us.refused("invoice?operation=update&include=void", sent)["code"] == "500"


def test_an_invoice_is_linked_once_in_a_payment(us: Connected) -> None:
    customer = us.customer()
    invoice = us.invoice(customer)
    twice = payment_body(customer, "120", ("Invoice", invoice, "60"), ("Invoice", invoice, "60"))
    assert us.refused("payment", twice)["code"] == "620"


def test_more_cannot_be_applied_than_was_paid(us: Connected) -> None:
    customer = us.customer()
    body = payment_body(customer, "5", ("Invoice", us.invoice(customer), "50"))
    assert us.refused("payment", body)["code"] == "6000"


def test_a_deposited_payment_cannot_change(us: Connected) -> None:
    customer = us.customer()
    payment = pay(us, customer, "5")
    us.simulator.bookkeeper(us.realm, "Payment", payment["Id"], "deposit")
    identity = {"Id": payment["Id"], "SyncToken": "0", "sparse": True}

    assert us.refused("payment", {**identity, "PrivateNote": "x"})["code"] == "6540"
    assert us.refused("payment?operation=delete", identity)["code"] == "6540"
    assert us.refused("payment?operation=update&include=void", identity)["code"] == "6540"


def test_a_credit_memo_is_owed_until_a_payment_uses_it(us: Connected) -> None:
    customer = us.customer()
    invoice = us.invoice(customer)
    memo = us.post("creditmemo", invoice_body(customer, line("30")))["CreditMemo"]
    assert memo["RemainingCredit"] == memo["Balance"] == Decimal(30)
    assert balance(us, customer) == Decimal(70)

    payment = pay(us, customer, "0", ("Invoice", invoice, "30"), ("CreditMemo", memo, "30"))
    assert payment["UnappliedAmt"] == 0
    assert now(us, "Invoice", invoice)["Balance"] == Decimal(70)
    assert now(us, "CreditMemo", memo)["RemainingCredit"] == 0
    assert balance(us, customer) == Decimal(70)
    used = {"Id": memo["Id"], "SyncToken": "1"}
    with pytest.raises(requests.HTTPError, match="400"):
        us.simulator.bookkeeper(us.realm, "creditmemo", memo["Id"], "void")
    assert us.refused("creditmemo?operation=delete", used)["code"] == "800"


def test_a_debtor_that_is_deactivated_in_quickbooks_is_balanced(us: Connected, uk: Connected) -> None:
    for company, code in ((us, "NON"), (uk, "1")):
        customer = company.customer()
        invoice = company.invoice(customer, line("100", TaxCodeRef={"value": code}))
        company.simulator.bookkeeper(company.realm, "Customer", customer["Id"], "deactivate")
        after = now(company, "Invoice", invoice)
        assert (after["Balance"], after["SyncToken"]) == (0, "1")
        assert after["LinkedTxn"]
        assert balance(company, customer) == 0


def test_credits_apply_themselves_when_preferred(us: Connected) -> None:
    us.simulator.company(us.realm, preferences={"SalesFormsPrefs": {"AutoApplyCredit": True}})
    customer = us.customer()
    memo = us.post("creditmemo", invoice_body(customer, line("30")))["CreditMemo"]
    invoice = us.invoice(customer)

    assert invoice["Balance"] == Decimal(70)
    assert invoice["SyncToken"] == "1"
    assert now(us, "CreditMemo", memo)["RemainingCredit"] == 0
    assert us.simulator.books(us.realm)["Payment"][0]["TotalAmt"] == 0


def test_a_refund_needs_the_account_it_is_paid_from(us: Connected) -> None:
    body = invoice_body(us.customer(), line("30"))
    assert us.refused("refundreceipt", body)["element"] == "DepositToAccountRef"
    assert us.refused("refundreceipt", {**body, "DepositToAccountRef": {"value": "1"}})["code"] == "6430"

    refund = us.post(
        "refundreceipt", {**body, "DepositToAccountRef": {"value": "6"}, "PaymentRefNum": "x" * 100}
    )
    assert refund["RefundReceipt"]["TotalAmt"] == Decimal(30)
    assert refund["RefundReceipt"]["Balance"] == 0


def test_an_invoice_cannot_shrink_below_what_was_paid(us: Connected) -> None:
    customer = us.customer()
    invoice = us.invoice(customer)
    pay(us, customer, "60", ("Invoice", invoice, "60"))
    identity = {"Id": invoice["Id"], "SyncToken": "1", "sparse": True}

    assert us.refused("invoice", {**identity, "Line": [line("50")]})["code"] == "6000"
    assert us.post("invoice", {**identity, "Line": [line("90")]})["Invoice"]["Balance"] == Decimal(30)
    moved = {**identity, "SyncToken": "2", "CustomerRef": {"value": us.customer("Other")["Id"]}}
    assert us.refused("invoice", moved)["code"] == "6000"
