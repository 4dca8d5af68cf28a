"""The demonstration's own arithmetic, and that its comparison can say no."""

from decimal import Decimal
from pathlib import Path

import pytest

from devtools.ledger import Ledger, compare

CUSTOMERS = "customer_number,display_name\nC1,Ada Alvarez\nC2,Bo Lindqvist\n"
INVOICES = """invoice_number,customer_number,issue_date,due_date,quantity,unit_price,discount_percent
A-1,C1,2026-01-05,2026-02-04,1.5,19.99,0
A-1,C1,2026-01-05,2026-02-04,2,10.00,15
A-2,C2,2026-01-06,2026-02-05,1,100.00,0
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    (tmp_path / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (tmp_path / "invoices.csv").write_text(INVOICES, encoding="utf-8")
    return Ledger.read(tmp_path)


@pytest.fixture
def books(ledger: Ledger) -> dict:
    """QuickBooks' books as they have to be."""
    ids = {name: str(place) for place, name in enumerate(ledger.customers, 1)}
    return {
        "Customer": [{"Id": id_, "DisplayName": name} for name, id_ in ids.items()],
        "Invoice": [
            {
                "DocNumber": number,
                "CustomerRef": {"value": ids[invoice.customer]},
                "TxnDate": invoice.issued,
                "DueDate": invoice.due,
                "TotalAmt": invoice.total,
                "Line": [
                    {"DetailType": "SalesItemLineDetail", "Amount": amount} for amount in invoice.amounts
                ],
            }
            for number, invoice in ledger.invoices.items()
        ],
    }


def test_lines_are_rounded_half_up_one_by_one(ledger: Ledger):
    assert ledger.invoices["A-1"].amounts == (Decimal("29.99"), Decimal("17.00"))
    assert ledger.total == Decimal("146.99")


def test_equal_books_tie(ledger: Ledger, books: dict):
    assert compare(ledger, books).ties


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda books: books["Invoice"].pop(), {"missing": ["invoice A-2"]}),
        (
            lambda books: books["Customer"].append(books["Customer"][0]),
            {"duplicates": ["customer Ada Alvarez"]},
        ),
        (lambda books: books["Invoice"].append(books["Invoice"][0]), {"duplicates": ["invoice A-1"]}),
        (
            lambda books: books["Invoice"][1].update(TotalAmt=Decimal("100.01")),
            {"mismatches": ["invoice A-2: total is 100.01, not 100.00"]},
        ),
        (
            lambda books: books["Invoice"][1].update(CustomerRef={"value": "1"}),
            {"mismatches": ["invoice A-2: customer is Ada Alvarez, not Bo Lindqvist"]},
        ),
        (
            lambda books: books["Invoice"][1].update(DueDate="2026-02-06"),
            {"mismatches": ["invoice A-2: due date is 2026-02-06, not 2026-02-05"]},
        ),
    ],
)
def test_whatever_differs_is_named(ledger: Ledger, books: dict, change, found):
    change(books)
    result = compare(ledger, books)
    assert not result.ties
    assert {name: getattr(result, name) for name in found} == found
