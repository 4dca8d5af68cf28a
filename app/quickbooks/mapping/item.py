"""A name on our invoice lines as a QuickBooks item (contract section 4.3)."""

from typing import Any

from app.quickbooks.mapping import values


def item_body(name: str, income_account_id: str) -> dict[str, Any]:
    """A service that earns into the account the Owner chose."""
    return {
        "Name": values.item_name(name),
        "Type": "Service",
        "IncomeAccountRef": {"value": income_account_id},
        "Active": True,
    }
