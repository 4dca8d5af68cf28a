"""The first item that earns into the chosen income account, made in QuickBooks when the Owner asks for it."""

from collections.abc import Iterable

from app.quickbooks.account.gateway import impatient_client_for
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.mapping.facts import Account
from app.quickbooks.mapping.item import item_body
from app.quickbooks.meanings import making
from app.quickbooks.meanings.item_choices import full_name


def proposed(account: Account | None, there: Iterable[RemoteRecord]) -> str:
    """What it would be called; empty where no account is chosen, or an active item earns into it already."""
    items = list(there)
    if account is None or any(_earns_into(item, account.id) for item in items):
        return ""
    names = {full_name(item).casefold() for item in items}
    return next(
        name for name in ("Services", account.name, f"{account.name} item") if name.casefold() not in names
    )


def make(connection_id: int, name: str, account_id: str) -> None:
    """Raises NotMade, ApiError and TokenError."""
    making.make(impatient_client_for(connection_id), "Item", item_body(name, account_id))


def _earns_into(item: RemoteRecord, account_id: str) -> bool:
    return bool(item.get("Active")) and item.get("IncomeAccountRef", {}).get("value") == account_id
