"""What differs between an invoice and its QuickBooks record, in words with both sides."""

from datetime import date
from decimal import Decimal

import pytest

from app.customers.models import Customer
from app.invoices.models import Invoice, InvoiceStatus
from app.quickbooks.kinds.comparison import RemoteInvoice, Yardstick, differences
from app.quickbooks.mapping import jurisdictions
from app.quickbooks.models.differences import Aspect

DOLLARS = Yardstick("$", {7: "58"}, with_balances=False)
WITH_PAYMENTS = Yardstick("$", {7: "58"}, with_balances=True)
PAID_HALF = {"status": InvoiceStatus.PARTIALLY_PAID, "paid_total": Decimal("50.00")}
VOID_THERE = {"TotalAmt": 0, "Balance": 0, "PrivateNote": "Voided"}


def here(**changes) -> Invoice:
    fields = {
        "number": "INV-1",
        "status": InvoiceStatus.SENT,
        "issue_date": date(2026, 3, 2),
        "customer_id": 7,
        "customer": Customer(name="Rivera HVAC"),
        "total": Decimal("100.00"),
        "paid_total": Decimal("0.00"),
    }
    return Invoice(**(fields | changes))


def there(**changes) -> RemoteInvoice:
    fields = {
        "Id": "145",
        "DocNumber": "INV-1",
        "TxnDate": "2026-03-02",
        "CustomerRef": {"value": "58", "name": "Rivera HVAC"},
        "TotalAmt": Decimal("100.00"),
        "Balance": Decimal("100.00"),
    }
    return RemoteInvoice.of(fields | changes)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({}, {}),
        ({}, {"TotalAmt": 100, "Balance": Decimal("100.0")}),
        ({}, {"DocNumber": "inv-1"}),
        ({"status": InvoiceStatus.VOID}, VOID_THERE),
        ({"customer_id": 8}, {}),  # whose QuickBooks customer nobody knows
        (PAID_HALF, {}),
        ({}, {"Balance": Decimal("40.00")}),
    ],
)
def test_equal(ours: dict, theirs: dict):
    assert differences(here(**ours), there(**theirs), DOLLARS) == []


@pytest.mark.parametrize(
    ("ours", "theirs", "aspect", "text"),
    [
        ({}, {"TotalAmt": Decimal("99.99")}, "total", "total $100.00 here, $99.99 in QuickBooks"),
        ({"total": Decimal("1234.5")}, {}, "total", "total $1,234.50 here, $100.00 in QuickBooks"),
        ({}, {"TotalAmt": 0}, "total", "total $100.00 here, $0.00 in QuickBooks"),
        ({}, VOID_THERE, "void", "void in QuickBooks, $100.00 here"),
        ({"status": InvoiceStatus.VOID}, {}, "void", "void here, $100.00 in QuickBooks"),
        ({}, {"DocNumber": "1044"}, "number", "number INV-1 here, 1044 in QuickBooks"),
        ({}, {"DocNumber": None}, "number", "number INV-1 here, none in QuickBooks"),
        ({}, {"TxnDate": "2026-04-02"}, "date", "date Mar 2, 2026 here, Apr 2, 2026 in QuickBooks"),
        (
            {},
            {"CustomerRef": {"value": "59", "name": "Bob"}},
            "customer",
            "customer Rivera HVAC here, Bob in QuickBooks",
        ),
    ],
)
def test_different(ours: dict, theirs: dict, aspect: str, text: str):
    (found,) = differences(here(**ours), there(**theirs), DOLLARS)
    assert (found.aspect, found.text) == (Aspect(aspect), text)


@pytest.mark.parametrize(
    ("ours", "theirs", "texts"),
    [
        (PAID_HALF, {"Balance": Decimal("50.00")}, []),
        (PAID_HALF, {}, ["balance $50.00 here, $100.00 in QuickBooks"]),
        ({}, {"Balance": Decimal("0.00")}, ["balance $100.00 here, $0.00 in QuickBooks"]),
        # Another total with the same money received is one difference, not two.
        ({}, {"TotalAmt": 90, "Balance": 90}, ["total $100.00 here, $90.00 in QuickBooks"]),
        ({"status": InvoiceStatus.VOID}, VOID_THERE, []),
    ],
)
def test_balances_count_when_payments_sync(ours: dict, theirs: dict, texts: list[str]):
    found = differences(here(**ours), there(**theirs), WITH_PAYMENTS)
    assert [difference.text for difference in found] == texts


def test_amounts_carry_the_companys_currency():
    pounds = Yardstick("£", {}, with_balances=False)
    (found,) = differences(here(), there(TotalAmt=90), pounds)
    assert found.text == "total £100.00 here, £90.00 in QuickBooks"


def test_a_number_that_is_there_twice_is_told_of_each():
    (found,) = differences(here(), there(), DOLLARS, with_its_number=2)
    assert (found.aspect, found.text) == (Aspect.DUPLICATE, "2 invoices in QuickBooks have this number")
    assert there(DocNumber="inv-1").number_key == there().number_key


def test_a_rate_without_a_name_is_looked_up():
    fields = {"TxnTaxDetail": {"TotalTax": 5, "TaxLine": [tax_line("5")]}}
    assert jurisdictions.all_taxes(fields, {"5": "Nevada"}) == {"Nevada": 5}


def tax_line(amount: str, name: str = "") -> dict:
    rate = {"value": "5", "name": name} if name else {"value": "5"}
    return {"Amount": Decimal(amount), "TaxLineDetail": {"TaxRateRef": rate}}


@pytest.mark.parametrize(
    ("detail", "taxes"),
    [
        (None, {}),
        ({"TotalTax": 0}, {}),
        ({"TaxLine": [tax_line("5", "Nevada")]}, {"Nevada": 5}),
        ({"TotalTax": 5, "TaxLine": [tax_line("5", "Nevada")]}, {"Nevada": 5}),
        (
            {"TotalTax": Decimal("8.25"), "TaxLine": [tax_line("5", "Nevada"), tax_line("3.25")]},
            {"Nevada": 5, "Without a jurisdiction": Decimal("3.25")},
        ),
        ({"TotalTax": Decimal("8.25"), "TaxLine": []}, {"Without a jurisdiction": Decimal("8.25")}),
    ],
)
def test_its_taxes_are_all_of_its_tax(detail: dict | None, taxes: dict):
    assert there(TxnTaxDetail=detail).taxes == taxes
