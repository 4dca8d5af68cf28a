"""A refund in QuickBooks' shape equals the refund, whatever is taxed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.models import Company
from app.customers.models import Customer
from app.invoices.models import Invoice, InvoiceStatus, PaymentMethod, Refund
from app.quickbooks.mapping.facts import CompanyFacts, TaxCode
from app.quickbooks.mapping.problems import CannotMap
from app.quickbooks.mapping.refs import Refs
from app.quickbooks.mapping.refund import refund_body

REFS = Refs(customer_id="42", item_ids={"refund": "8"})
PLAIN = CompanyFacts()
TAXED = CompanyFacts(uses_sales_tax=True, tax_codes=(TaxCode("3", "Maine", Decimal(10), ("7",)),))
AUTOMATED = CompanyFacts(uses_sales_tax=True, automated_sales_tax=True)
UK = replace(TAXED, country="GB")


def refund(amount: Decimal, total: Decimal = Decimal("110.00"), tax: Decimal = Decimal("10.00")) -> Refund:
    invoice = Invoice(
        number="INV-7",
        status=InvoiceStatus.PARTIALLY_REFUNDED,
        company=Company(currency="USD"),
        customer=Customer(name="Rivera HVAC"),
        total=total,
        tax_total=tax,
        tax_rate=Decimal(10) if tax else Decimal(0),
    )
    day, method = date(2026, 3, 2), PaymentMethod.CARD
    return Refund(
        id=5, invoice=invoice, amount=amount, method=method, refunded_on=day, reason="Came too late"
    )


MARK = "9f86d081884c7d65"


def body_of(record: Refund, facts: CompanyFacts) -> dict:
    return refund_body(record, REFS, facts, "35", MARK)


def test_it_says_what_it_is():
    body = body_of(refund(Decimal("25.00"), tax=Decimal("0.00")), PLAIN)
    assert (body["DocNumber"], body["TxnDate"]) == ("REFUND-5-9f86", "2026-03-02")
    assert body["PrivateNote"] == f"FSM Navigator refund mark {MARK}, for INV-7: Came too late"
    assert body["DepositToAccountRef"] == {"value": "35"}
    (line,) = body["Line"]
    assert (line["Amount"], line["SalesItemLineDetail"]) == (Decimal("25.00"), {"ItemRef": {"value": "8"}})
    assert "TxnTaxDetail" not in body


def test_all_of_an_invoice_gives_back_its_tax():
    body = body_of(refund(Decimal("110.00")), TAXED)
    assert body["Line"][0]["Amount"] == Decimal("100.00")
    assert body["TxnTaxDetail"] == {"TotalTax": Decimal("10.00"), "TxnTaxCodeRef": {"value": "3"}}
    assert body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] == {"value": "TAX"}


def test_automated_tax_is_told_our_share():
    body = body_of(refund(Decimal("55.00")), AUTOMATED)
    assert body["TxnTaxDetail"] == {"TotalTax": Decimal("5.00")}


def test_outside_the_us_the_line_has_the_invoices_code():
    body = body_of(refund(Decimal("55.00")), UK)
    assert body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] == {"value": "3"}
    assert (body["GlobalTaxCalculation"], body["TxnTaxDetail"]) == (
        "TaxExcluded",
        {"TotalTax": Decimal("5.00")},
    )


def test_without_an_account_it_waits():
    with pytest.raises(CannotMap, match="no_deposit_account"):
        refund_body(refund(Decimal(25)), REFS, PLAIN, None, MARK)


@given(
    cents=st.integers(1, 10**7),
    share=st.integers(1, 100),
    tax_percent=st.integers(0, 30),
    facts=st.sampled_from([PLAIN, TAXED, AUTOMATED, UK]),
)
def test_line_and_tax_add_up_to_the_refund(cents: int, share: int, tax_percent: int, facts: CompanyFacts):
    total = Decimal(cents) / 100
    tax = (total * tax_percent / 100).quantize(Decimal("0.01"))
    if facts is PLAIN:
        tax = Decimal("0.00")
    amount = max(total * share / 100, Decimal("0.01")).quantize(Decimal("0.01"))
    facts = facts if tax else replace(facts, tax_codes=(TaxCode("4", "Zero", Decimal(0), ("8",)),))
    body = body_of(refund(amount, total, tax), facts)
    assert body["Line"][0]["Amount"] + body.get("TxnTaxDetail", {}).get("TotalTax", 0) == amount
