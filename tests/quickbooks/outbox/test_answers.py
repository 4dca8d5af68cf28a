"""What a person who is asked is told of the QuickBooks record that is in the way."""

from decimal import Decimal

import pytest

from app.quickbooks.outbox.answers import question


@pytest.mark.parametrize(
    ("currency", "there"),
    [
        ({}, "A-1, $1,234.50, Ada"),
        ({"CurrencyRef": {"value": "GBP"}}, "A-1, £1,234.50, Ada"),
        ({"CurrencyRef": {"value": "CHF"}}, "A-1, CHF 1,234.50, Ada"),
    ],
)
def test_an_invoice_is_told_in_its_own_currency(currency, there):
    record = {"Id": "7", "DocNumber": "A-1", "TotalAmt": Decimal("1234.5"), "CustomerRef": {"name": "Ada"}}
    assert question("doc_number_taken", [record | currency])["there"] == there
