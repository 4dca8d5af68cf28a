"""An invoice in QuickBooks' shape has our total, whatever is on it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.models import Company
from app.customers.models import Customer
from app.customers.place import Place
from app.invoices.models import DiscountKind, Invoice, InvoiceLine
from app.invoices.totals import recalculate
from app.lib.money import to_cents
from app.quickbooks.mapping.facts import CompanyFacts, TaxCode
from app.quickbooks.mapping.invoice import invoice_body, item_names
from app.quickbooks.mapping.problems import CannotMap
from app.quickbooks.mapping.refs import Refs
from app.quickbooks.mapping.values import name_key
from app.quickbooks.mapping.voids import is_void
from simulator.books.rules import VOID_SEPARATORS

STATE_TAX = TaxCode("3", "Maine", Decimal("5.5"), ("7",))
PLAIN = CompanyFacts(allow_discount=True)
TAXED = CompanyFacts(uses_sales_tax=True, allow_discount=True, tax_codes=(STATE_TAX,))
AUTOMATED = CompanyFacts(uses_sales_tax=True, automated_sales_tax=True, allow_discount=True)
UK = CompanyFacts(
    country="GB",
    home_currency="GBP",
    uses_sales_tax=True,
    allow_discount=True,
    tax_codes=(TaxCode("5", "20.0% S", Decimal(20), ("9",)), TaxCode("6", "0.0% Z", Decimal(0), ("8",))),
)


def line(
    quantity: str | Decimal, price: str | Decimal, discount: str | Decimal = "0", **fields
) -> InvoiceLine:
    return InvoiceLine(
        item=fields.pop("item", "Labor"),
        description=fields.pop("description", ""),
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        discount_percent=Decimal(discount),
    )


def invoice(*lines: InvoiceLine, **fields) -> Invoice:
    record = Invoice(
        number="INV-2026-0001",
        issue_date=date(2026, 3, 2),
        due_date=date(2026, 4, 1),
        customer=Customer(name="Rivera HVAC", email=fields.pop("email", "")),
        company=Company(currency=fields.pop("currency", "USD")),
        lines=list(lines),
        **{
            "discount_kind": DiscountKind.NONE,
            "discount_value": Decimal(0),
            "tax_rate": Decimal(0),
            "notes": "",
        }
        | fields,
    )
    recalculate(record)
    return record


def body_of(record: Invoice, facts: CompanyFacts) -> dict:
    ids = {name_key(name): str(place) for place, name in enumerate(item_names(record, facts), 10)}
    return invoice_body(record, Refs("42", ids), facts)


def total_of(body: dict) -> Decimal:
    """What QuickBooks makes of it: lines, less the discount line, plus the tax that was sent."""
    signs = {"SalesItemLineDetail": 1, "DiscountLineDetail": -1}
    lines = sum(signs[part["DetailType"]] * part["Amount"] for part in body["Line"])
    return lines + body.get("TxnTaxDetail", {}).get("TotalTax", 0)


amounts = st.decimals("0", "9999.9999", places=4)
quantities = st.decimals("0.0001", "999.9999", places=4)
percents = st.decimals("0", "100", places=2)


@given(
    lines=st.lists(st.tuples(quantities, amounts, percents), min_size=1, max_size=50),
    discount=st.tuples(st.sampled_from(DiscountKind), st.decimals("0", "100", places=2)),
    tax_rate=st.decimals("0", "15", places=3),
    allow_discount=st.booleans(),
)
def test_the_body_has_the_invoices_total(lines, discount, tax_rate, allow_discount):
    record = invoice(
        *(line(*numbers) for numbers in lines),
        discount_kind=discount[0],
        discount_value=discount[1],
        tax_rate=tax_rate,
    )
    facts = CompanyFacts(uses_sales_tax=True, automated_sales_tax=True, allow_discount=allow_discount)
    body = body_of(record, facts)
    assert total_of(body) == record.total
    for part in body["Line"]:
        detail = part.get("SalesItemLineDetail", {})
        if "Qty" in detail:
            assert to_cents(detail["Qty"] * detail["UnitPrice"]) == part["Amount"]


def test_a_plain_line_says_quantity_and_price():
    (part,) = body_of(invoice(line("2.5", "89.99", description="Spring check")), PLAIN)["Line"]
    assert part["Amount"] == Decimal("224.98")
    assert part["Description"] == "Spring check"
    assert part["SalesItemLineDetail"] == {
        "ItemRef": {"value": "10"},
        "Qty": Decimal("2.5"),
        "UnitPrice": Decimal("89.99"),
    }


def test_a_discounted_line_says_in_words_what_it_is_made_of():
    (part,) = body_of(invoice(line("12", "14.00", "15")), PLAIN)["Line"]
    assert part["Amount"] == Decimal("142.80")
    assert part["Description"] == "Labor (12 x 14, less 15 %)"
    assert "Qty" not in part["SalesItemLineDetail"]


@pytest.mark.parametrize(
    ("allowed", "kind", "amount"),
    [(True, "DiscountLineDetail", "10.00"), (False, "SalesItemLineDetail", "-10.00")],
)
def test_an_invoice_discount_with_and_without_quickbooks_own(allowed: bool, kind: str, amount: str):
    record = invoice(line("1", "100"), discount_kind=DiscountKind.PERCENT, discount_value=Decimal(10))
    last = body_of(record, CompanyFacts(allow_discount=allowed))["Line"][-1]
    assert (last["DetailType"], last["Amount"]) == (kind, Decimal(amount))


def test_tax_in_the_united_states():
    body = body_of(invoice(line("1", "100"), tax_rate=Decimal("5.5")), TAXED)
    assert body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] == {"value": "TAX"}
    detail = body["TxnTaxDetail"]
    assert (detail["TotalTax"], detail["TxnTaxCodeRef"]) == (Decimal("5.50"), {"value": "3"})
    assert detail["TaxLine"][0]["TaxLineDetail"]["NetAmountTaxable"] == Decimal("100.00")
    assert body["ApplyTaxAfterDiscount"] is True


def test_an_untaxed_invoice_in_a_company_with_sales_tax():
    body = body_of(invoice(line("1", "100")), TAXED)
    assert body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] == {"value": "NON"}
    assert body["TxnTaxDetail"] == {"TotalTax": Decimal("0.00")}


def test_automated_sales_tax_is_told_the_amount_and_no_code():
    detail = body_of(invoice(line("1", "100"), tax_rate=Decimal("7")), AUTOMATED)["TxnTaxDetail"]
    assert detail == {"TotalTax": Decimal("7.00")}


@pytest.mark.parametrize(("rate", "code"), [("20", "5"), ("0", "6")])
def test_outside_the_united_states_every_line_has_its_code(rate: str, code: str):
    body = body_of(invoice(line("1", "100"), tax_rate=Decimal(rate), currency="GBP"), UK)
    assert body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] == {"value": code}
    assert body["GlobalTaxCalculation"] == "TaxExcluded"


@pytest.mark.parametrize(
    ("facts", "rate", "problem"),
    [
        (TAXED, "6", "no_tax_code"),
        (replace(UK, home_currency="USD"), "17.5", "no_tax_code"),
        (PLAIN, "5.5", "sales_tax_off"),
        (replace(AUTOMATED, uses_sales_tax=False), "5.5", "sales_tax_off"),
    ],
)
def test_tax_that_quickbooks_has_no_code_for(facts: CompanyFacts, rate: str, problem: str):
    with pytest.raises(CannotMap) as error:
        body_of(invoice(line("1", "100"), tax_rate=Decimal(rate)), facts)
    assert error.value.key == problem


@pytest.mark.parametrize(
    ("facts", "rate", "stops"),
    [(AUTOMATED, "7", True), (AUTOMATED, "0", False), (TAXED, "5.5", False)],
    ids=["automated, taxed", "automated, untaxed", "own codes"],
)
def test_a_taxed_invoice_of_an_exempt_customer(facts: CompanyFacts, rate: str, stops: bool):
    record = invoice(line("1", "100"), tax_rate=Decimal(rate))
    record.customer.tax_exempt = True
    if stops:
        with pytest.raises(CannotMap, match="exempt_but_taxed"):
            body_of(record, facts)
    else:
        assert body_of(record, facts)["TxnTaxDetail"]["TotalTax"] == record.tax_total


def test_dollars_are_not_booked_as_pounds():
    with pytest.raises(CannotMap) as error:
        body_of(invoice(line("1", "100")), UK)
    assert (error.value.key, error.value.details) == ("currency_differs", {"here": "USD", "there": "GBP"})


def test_with_multicurrency_the_currency_is_named():
    body = body_of(invoice(line("1", "100")), replace(UK, multicurrency=True))
    assert body["CurrencyRef"] == {"value": "USD"}


def test_dates_notes_and_nothing_that_sends_mail():
    body = body_of(invoice(line("1", "100"), notes="Gate code 4711\x07", email="bill@example.com"), PLAIN)
    assert (body["TxnDate"], body["DueDate"]) == ("2026-03-02", "2026-04-01")
    assert body["PrivateNote"] == "Gate code 4711"
    assert body["BillEmail"] == {"Address": "bill@example.com"}
    assert "EmailStatus" not in body
    assert "CurrencyRef" not in body


def test_a_void_invoice_is_not_taken_for_a_paid_one():
    assert is_void({"TotalAmt": 0, "Balance": 0, "PrivateNote": "Voided"})
    assert not is_void({"TotalAmt": Decimal("100"), "Balance": 0})
    assert not is_void({"TotalAmt": 0, "Balance": 0})
    assert not is_void({"TotalAmt": 0, "PrivateNote": "Voidedness"})
    assert not is_void({"TotalAmt": 0, "PrivateNote": "Was Voided"})
    assert not is_void({"TotalAmt": 0, "PrivateNote": "Voided cheque came back", "Line": [sold(1)]})
    assert not is_void({"TotalAmt": 0, "PrivateNote": "Voided - see INV-8", "Line": [sold(1)]})
    assert is_void({"TotalAmt": 0, "PrivateNote": "Voided - see INV-8", "Line": [sold(0)]})


@pytest.mark.parametrize("separator", VOID_SEPARATORS)
def test_it_is_known_whatever_stands_before_its_note(separator):
    assert is_void({"TotalAmt": 0, "PrivateNote": f"Voided{separator}duplicate", "Line": [sold(0)]})


def sold(quantity: int) -> dict:
    detail = {"Qty": quantity, "UnitPrice": 0}
    return {"Amount": 0, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}


def test_the_place_of_work_is_the_ship_address():
    place = Place("Cabin", "3 Lake Road", "Conway", "NH", "03818", "USA")
    assert body_of(invoice(line("1", "100"), place=place), AUTOMATED)["ShipAddr"] == {
        "Line1": "3 Lake Road",
        "City": "Conway",
        "CountrySubDivisionCode": "NH",
        "PostalCode": "03818",
        "Country": "USA",
    }
    assert not any(body_of(invoice(line("1", "100")), AUTOMATED)["ShipAddr"].values())
