"""Each way to pay here, and the account and payment method it has in QuickBooks."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.invoices.models import PaymentMethod
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.money_record import usual_method
from app.quickbooks.models import Connection


@dataclass(frozen=True)
class MoneyMeaning:
    """Ids that the Owner chose, empty for the usual ones; `usual` is QuickBooks' method of the same name."""

    method: PaymentMethod
    account_id: str
    method_id: str
    usual: str


def choices(connection: Connection, facts: CompanyFacts) -> list[MoneyMeaning]:
    accounts, methods = connection.preferences.deposit_accounts, connection.preferences.payment_methods
    return [
        MoneyMeaning(
            method,
            accounts.get(method, ""),
            methods.get(method, ""),
            facts.payment_method_names.get(usual_method(method, facts), ""),
        )
        for method in PaymentMethod
    ]


def choose(
    connection: Connection, facts: CompanyFacts, accounts: Mapping[str, str], methods: Mapping[str, str]
) -> None:
    """Ids by method of ours; what is empty or missing is as usual. The caller commits. Raises ValueError."""
    chosen_accounts, chosen_methods = _of_ours(accounts), _of_ours(methods)
    if not set(chosen_accounts.values()) <= {account.id for account in facts.deposit_accounts}:
        raise ValueError("QuickBooks no longer has one of these accounts. Choose another one.")
    if not set(chosen_methods.values()) <= facts.payment_method_names.keys():
        raise ValueError("QuickBooks no longer has one of these payment methods. Choose another one.")
    connection.preferences.deposit_accounts = chosen_accounts
    connection.preferences.payment_methods = chosen_methods


def _of_ours(ids: Mapping[str, str]) -> dict[str, str]:
    return {method: ids[method] for method in PaymentMethod if ids.get(method)}
