"""What several stories begin with."""

import pytest

from tests.quickbooks import builders


@pytest.fixture
def bill(quickbooks, owner):
    """Sent, $100.00, in QuickBooks; payments sync."""
    record = builders.sent_invoice(builders.customer(owner.company, "Rivera HVAC"), number="INV-7")
    quickbooks.drain()
    quickbooks.switch_payments()
    return record
