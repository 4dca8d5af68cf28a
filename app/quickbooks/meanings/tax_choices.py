"""Each tax rate on our invoices and the QuickBooks tax code it is sent with."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from app.extensions import db
from app.invoices.models import Invoice, InvoiceStatus
from app.quickbooks.mapping import values
from app.quickbooks.mapping.facts import CompanyFacts, TaxCode
from app.quickbooks.models import Connection


@dataclass(frozen=True)
class TaxMeaning:
    """`codes` have exactly this rate: with any other the totals would differ. `chosen` is the one that is sent."""

    rate: str
    codes: list[TaxCode]
    chosen: TaxCode | None


def are_needed(facts: CompanyFacts) -> bool:
    """Automated sales tax picks its own codes; without sales tax there are none."""
    return facts.uses_sales_tax and not (facts.is_us and facts.automated_sales_tax)


def choices(connection: Connection, facts: CompanyFacts) -> list[TaxMeaning]:
    """For each rate in use; in the US an untaxed invoice needs no code."""
    rates = rates_in_use(connection) - ({Decimal(0)} if facts.is_us else set())
    return [
        TaxMeaning(values.number(rate), facts.tax_codes_of(rate), facts.tax_code_for(rate))
        for rate in sorted(rates)
    ]


def rates_in_use(connection: Connection) -> set[Decimal]:
    """On invoices that may go to QuickBooks, and the company's own default; in percent."""
    rates = db.session.scalars(
        select(Invoice.tax_rate)
        .where(Invoice.company_id == connection.company_id, Invoice.status != InvoiceStatus.DRAFT)
        .distinct()
    )
    return {*rates, connection.company.default_tax_rate}


def choose(connection: Connection, facts: CompanyFacts, ids: dict[str, str]) -> None:
    """`ids` of codes by rate. The caller commits. Raises ValueError for a code that has another rate."""
    offered = {choice.rate: {code.id for code in choice.codes} for choice in choices(connection, facts)}
    for rate, code_id in ids.items():
        if code_id not in offered.get(rate, set()):
            raise ValueError("QuickBooks no longer has this tax code at this rate. Choose another one.")
    connection.preferences.tax_codes = {**connection.preferences.tax_codes, **ids}
