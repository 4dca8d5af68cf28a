"""What a person is asked about QuickBooks records that are in the way."""

from collections.abc import Sequence
from typing import Any

from app.accounts.models import Currency
from app.lib.money import shown
from app.quickbooks.models.answers import Question


def question_about(problem: str, found: Sequence[dict[str, Any]]) -> Question:
    """`found` are the QuickBooks records in the way."""
    there = _described(found[0]) if found else ""
    return Question(problem, tuple(remote["Id"] for remote in found), there)


def _described(remote: dict[str, Any]) -> str:
    if "TotalAmt" in remote:
        amount = shown(remote["TotalAmt"], _symbol(remote))
        number = remote.get("DocNumber") or remote.get("PaymentRefNum")
        return ", ".join(filter(None, (number, amount, remote.get("CustomerRef", {}).get("name", ""))))
    parts = (
        remote.get("DisplayName", ""),
        remote.get("PrimaryEmailAddr", {}).get("Address", ""),
        remote.get("PrimaryPhone", {}).get("FreeFormNumber", ""),
        remote.get("BillAddr", {}).get("Line1", ""),
    )
    return ", ".join(part for part in parts if part)


def _symbol(remote: dict[str, Any]) -> str:
    """QuickBooks knows more currencies than a company of ours can have."""
    code = remote.get("CurrencyRef", {}).get("value", Currency.USD)
    return Currency(code).symbol if code in list(Currency) else f"{code} "
