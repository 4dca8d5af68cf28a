"""What the connected QuickBooks company is and offers: its accounts, tax codes and settings."""

from dataclasses import replace

from app.extensions import db, now
from app.quickbooks import requests
from app.quickbooks.api.client import Client
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.models import Connection


def facts_of(connection: Connection) -> CompanyFacts:
    """With what the Owner chose among them."""
    return replace(
        CompanyFacts.from_json(connection.facts), chosen_tax_codes=connection.preferences.tax_codes or {}
    )


def knows_enough(connection: Connection) -> bool:
    """False when the facts are of a version that did not read all that is needed now."""
    return not connection.facts or "deposit_accounts" in connection.facts


def read_facts(connection_id: int, client: Client) -> None:
    """Read the company anew; choose the accounts of which none is chosen, and when its settings have changed let go
    what they had stopped. Commits. Raises ApiError and TokenError.
    """
    facts = _ask(client)
    connection = db.session.get_one(  # locked before any row, as whoever connects anew does it
        Connection, connection_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if facts != CompanyFacts.from_json(connection.facts):
        for problem in requests.READ_ANEW:
            requests.retry_all(connection, problem)
    connection.facts, connection.facts_read_at = facts.as_json(), now()
    connection.remote_name = facts.name
    if connection.preferences.income_account_id not in {account.id for account in facts.income_accounts}:
        preselected = facts.default_income_account()
        connection.preferences.income_account_id = preselected.id if preselected else None
    if connection.preferences.deposit_account_id not in {account.id for account in facts.deposit_accounts}:
        proposed = facts.default_deposit_account()
        connection.preferences.deposit_account_id = proposed.id if proposed else None
    db.session.commit()


def _ask(client: Client) -> CompanyFacts:
    return CompanyFacts.from_answers(
        company_info=client.company_info(),
        preferences=client.preferences(),
        accounts=client.query_all("Account", "AccountType = 'Income' AND Active = true"),
        tax_codes=client.query_all("TaxCode"),
        tax_rates=client.query_all("TaxRate"),
        terms=client.query_all("Term"),
        deposit_accounts=client.query_all(
            "Account", "AccountType IN ('Bank', 'Other Current Asset') AND Active = true"
        ),
        payment_methods=client.query_all("PaymentMethod"),
    )
