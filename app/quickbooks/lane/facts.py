"""Reading the QuickBooks company anew, and requeueing what its old settings stopped."""

from dataclasses import replace

from app.extensions import db
from app.quickbooks import outbox
from app.quickbooks.account import company
from app.quickbooks.api.client import Client
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.models import Connection

# Whoever tries a row again that stopped at one of these says that QuickBooks' settings have changed: the company is
# read anew before it goes.
READ_ANEW = frozenset(
    {"books_closed", "no_tax_code", "sales_tax_off", "currency_differs", "exempt_but_taxed"}
)


def read_facts(connection_id: int, client: Client, company_info: RemoteRecord | None = None) -> None:
    """Read the company anew, but for CompanyInfo where it was just read; when its settings have changed, requeue
    what they had stopped. Commits.

    Raises ApiError and TokenError.
    """
    facts = company.read(client, company_info)
    connection = db.session.get_one(  # locked before any row, as whoever connects anew does it
        Connection, connection_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if _settings(facts) != _settings(CompanyFacts.from_json(connection.facts)):
        for problem in READ_ANEW:
            outbox.queue_stopped(connection_id, problem)
    company.keep(connection, facts)
    db.session.commit()


def _settings(facts: CompanyFacts) -> CompanyFacts:
    """QuickBooks names another rate with each new place that tax is counted for: that stops nothing."""
    return replace(facts, tax_rate_names={})
