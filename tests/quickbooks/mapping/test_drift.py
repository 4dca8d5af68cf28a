"""What somebody changed in QuickBooks, in an office's words."""

from decimal import Decimal

import pytest

from app.quickbooks.mapping.drift import Change, in_words
from app.quickbooks.mapping.lines import LineChange
from app.quickbooks.models import RecordKind

INVOICE, PAYMENT, CUSTOMER = RecordKind.INVOICE, RecordKind.PAYMENT, RecordKind.CUSTOMER
TERMS = ({"value": "3", "name": "Net 30"}, {"value": "4", "name": "Net 60"})
LINE = {
    "Description": "Visit",
    "Amount": 100,
    "SalesItemLineDetail": {"Qty": 1, "UnitPrice": Decimal("100.00")},
}


@pytest.mark.parametrize(
    ("kind", "change", "words"),
    [
        (INVOICE, Change("TotalAmt", 100, Decimal("1120")), "the total from $100.00 to $1,120.00"),
        (INVOICE, Change("DocNumber", "INV-1", ""), "the number from INV-1 to none"),
        (INVOICE, Change("DueDate", "2026-04-01", "2026-05-01"), "the due date from Apr 1, 2026 to May 1, 2026"),
        (INVOICE, Change("SalesTermRef", *TERMS), "the terms from Net 30 to Net 60"),
        (INVOICE, Change("PrivateNote", None, "Paid?"), "the memo from none to “Paid?”"),
        (INVOICE, Change("TxnTaxDetail", {"TotalTax": 5}, {"TotalTax": 8}), "the tax from $5.00 to $8.00"),
        (PAYMENT, Change("TotalAmt", 40, 50), "the amount from $40.00 to $50.00"),
        (CUSTOMER, Change("BillAddr", {"Line1": "1 A St", "City": "Saco"}, None),
         "the address from 1 A St, Saco to none"),
        (CUSTOMER, Change("Taxable", True, False), "the tax setting from yes to no"),
    ],
)  # fmt: skip
def test_a_field_in_words(kind: RecordKind, change: Change, words: str):
    assert change.words(kind, "$") == words


@pytest.mark.parametrize(
    ("facet", "after", "words"),
    [
        ("description", LINE | {"Description": "Two visits"},
         "the description of line 2 from “Visit” to “Two visits”"),
        ("amount", LINE | {"SalesItemLineDetail": {"Qty": 2, "UnitPrice": 50}},
         "the quantity of line 2 from 1 to 2, the price of line 2 from $100.00 to $50.00"),
        ("amount", {"Amount": Decimal(90)}, "the amount of line 2 from $100.00 to $90.00"),
        ("removed", {}, "line 2 (“Visit”) was removed"),
        ("added", LINE, "a line was added (“Visit”)"),
    ],
)  # fmt: skip
def test_a_line_in_words(facet: str, after: dict, words: str):
    change = Change("Line", None, None, LineChange(facet, 2, LINE, after))
    assert change.words(INVOICE, "$") == words


def test_a_payment_tells_its_invoice_by_number():
    line = {"Amount": 40, "LinkedTxn": [{"TxnId": "130", "TxnType": "Invoice"}]}
    assert in_words("Line", [line | {"Reference": "INV-8"}], "$") == "INV-8"
    assert in_words("Line", [line], "$") == "number 130 of QuickBooks"
    assert in_words("Line", [], "$") == "none"
