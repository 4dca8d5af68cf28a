"""Invoice numbers: prefix, year and a sequence that never goes back (domain: Invoices)."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.accounts.locking import lock_company
from app.accounts.models import Company
from app.extensions import among, db
from app.invoices.models import Invoice, InvoiceSequence


def next_number(company: Company, issue_date: date) -> str:
    """`INV-2026-0001`, and so on by year; numbers that an import brought along are passed over."""
    lock_company(company.id)
    while True:
        number = f"{company.invoice_prefix}-{issue_date.year}-{_advance(company, issue_date.year):04}"
        if not taken_numbers(company, [number]):
            return number


def taken_numbers(company: Company, numbers: Collection[str]) -> set[str]:
    """Those of the numbers that the company's invoices already have. It stays true while the company is locked."""
    query = select(Invoice.number).where(Invoice.company_id == company.id, among(Invoice.number, numbers))
    return set(db.session.scalars(query))


def go_on_behind(company_id: int, year: int, last: int) -> None:
    """Numbers up to this one were given out, as somebody else remembers."""
    known = insert(InvoiceSequence).values(company_id=company_id, year=year, last=last)
    behind = known.on_conflict_do_update(
        index_elements=[InvoiceSequence.company_id, InvoiceSequence.year],
        set_={"last": func.greatest(InvoiceSequence.last, last)},
    )
    db.session.execute(behind)


def _advance(company: Company, year: int) -> int:
    """One statement, so that two at the same time never get the same."""
    first = insert(InvoiceSequence).values(company_id=company.id, year=year, last=1)
    advanced = first.on_conflict_do_update(
        index_elements=[InvoiceSequence.company_id, InvoiceSequence.year],
        set_={"last": InvoiceSequence.last + 1},
    )
    return db.session.scalars(advanced.returning(InvoiceSequence.last)).one()
