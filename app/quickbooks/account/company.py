"""What the connected QuickBooks company is and offers: its accounts, tax codes and settings."""

from dataclasses import replace

from sqlalchemy import update

from app.extensions import db, now
from app.quickbooks.account.metering import reading_for
from app.quickbooks.api.client import Client, quote
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.facts_of_answers import (
    DEPOSIT,
    INCOME,
    classes_per,
    facts_of_answers,
    tracks_locations,
    uses_sales_tax,
)
from app.quickbooks.mapping.tracking import Tracking
from app.quickbooks.models import LIVE, Connection

ACCOUNT_TYPES = ", ".join(map(quote, (*INCOME, *DEPOSIT)))


def facts_of(connection: Connection) -> CompanyFacts:
    """With what the Owner chose among them."""
    preferences = connection.preferences
    return replace(
        CompanyFacts.from_json(connection.facts),
        chosen_tax_codes=preferences.tax_codes or {},
        paid_online=preferences.online_payments,
        chosen_methods=preferences.payment_methods or {},
        tracking=Tracking.from_json(preferences.tracking),
    )


def taxes_by_place(connection: Connection) -> bool:
    """Automated sales tax counts each invoice's tax for the places it is owed to."""
    return bool(connection.facts.get("automated_sales_tax"))


def rate_names(connection: Connection) -> dict[str, str]:
    """The names of those places, by the Ids of their tax rates."""
    return dict(connection.facts.get("tax_rate_names", {}))


def knows_enough(connection: Connection) -> bool:
    """False when the facts are of a version that did not read all that is needed now."""
    if not connection.facts:
        return True
    needed = {"classes_per"} | ({"tax_rate_names"} if taxes_by_place(connection) else set())
    return needed <= connection.facts.keys()


@reading_for("company")
def read(client: Client, company_info: RemoteRecord | None = None) -> CompanyFacts:
    """Ask QuickBooks, for CompanyInfo only where nobody has just read it. Raises ApiError and TokenError."""
    preferences = client.preferences()
    return facts_of_answers(
        company_info=company_info or client.company_info(),
        preferences=preferences,
        accounts=client.query_all("Account", f"AccountType IN ({ACCOUNT_TYPES}) AND Active = true"),
        tax_codes=client.query_all("TaxCode") if uses_sales_tax(preferences) else (),
        tax_rates=client.query_all("TaxRate") if uses_sales_tax(preferences) else (),
        terms=client.query_all("Term"),
        payment_methods=client.query_all("PaymentMethod"),
        classes=client.query_all("Class") if classes_per(preferences) else (),
        locations=client.query_all("Department") if tracks_locations(preferences) else (),
    )


def keep(connection: Connection, facts: CompanyFacts) -> None:
    """Remember the facts; pick default accounts where none is set that QuickBooks still has. The caller commits."""
    connection.facts, connection.facts_read_at = facts.as_json(), now()
    connection.remote_name = facts.name
    preferences = connection.preferences
    if preferences.income_account_id not in {account.id for account in facts.income_accounts}:
        preselected = facts.default_income_account()
        preferences.income_account_id = preselected.id if preselected else None
    if preferences.deposit_account_id not in {account.id for account in facts.deposit_accounts}:
        proposed = facts.default_deposit_account()
        preferences.deposit_account_id = proposed.id if proposed else None


def note_refused_number(connection_id: int) -> None:
    """QuickBooks refuses numbers that are in use, as long as its settings stay as they are. The caller commits."""
    live = (Connection.id == connection_id, LIVE)
    db.session.execute(update(Connection).where(*live).values(numbers_refused_at=now()))
