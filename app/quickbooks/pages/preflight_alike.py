"""What QuickBooks has refused of other invoices, and would refuse of this one too (preflight.py).

It tells nobody beforehand what its plan allows, where it can compute tax and which accounts its items have. The
first invoice that it refuses tells, for as long as it waits for a person.
"""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.extensions import db
from app.invoices.models import Invoice
from app.quickbooks.mapping.values import name_key
from app.quickbooks.models import Connection, RecordKind, SyncTask, TaskState
from app.quickbooks.pages.forewarning import Forewarning, invoice_name, told

LATEST = 100  # rows that need a person: who has more of them is told by the queue

# Beside which field of the form it is said, and what the two invoices have in common.
COMMON = {
    "feature_missing": ("", "It would refuse this one too."),
    "tax_failed": ("tax_rate", "This one is for the same place."),
    "account_wrong": ("lines", "This one names the same item."),
}


def about_alike(connection: Connection, invoice: Invoice) -> Iterator[Forewarning]:
    """The latest of each kind."""
    said: set[str] = set()
    for problem, other in _refused(connection):
        if problem not in said and other.id != invoice.id and _is_alike(problem, invoice, other):
            said.add(problem)
            field, common = COMMON[problem]
            forewarning = told(problem, field, invoice_name(other))
            yield Forewarning(problem, f"{forewarning.sentence} {common}", forewarning.remedy, field=field)


def _refused(connection: Connection) -> list[tuple[str, Invoice]]:
    """With what they were refused for, the latest first."""
    latest = (
        select(SyncTask.id)
        .where(SyncTask.connection_id == connection.id, SyncTask.state == TaskState.ERROR)
        .order_by(SyncTask.failed_at.desc())
        .limit(LATEST)
    )
    found = (
        select(SyncTask.problem, Invoice)
        .join(Invoice, Invoice.id == SyncTask.record_id)
        .where(SyncTask.id.in_(latest), SyncTask.kind == RecordKind.INVOICE, SyncTask.problem.in_(COMMON))
        .order_by(SyncTask.failed_at.desc())
        .options(selectinload(Invoice.lines))
    )
    return [(problem, invoice) for problem, invoice in db.session.execute(found).tuples()]


def _is_alike(problem: str, invoice: Invoice, other: Invoice) -> bool:
    if problem == "tax_failed":
        return bool(invoice.tax_total) and _tax_place(invoice) == _tax_place(other)
    if problem == "account_wrong":
        return bool(_items(invoice) & _items(other))
    return True


def _tax_place(invoice: Invoice) -> tuple[str, ...]:
    place = invoice.place
    parts = (place.state, place.city, place.postal_code) if place else ()
    return tuple(part.strip().casefold() for part in parts)


def _items(invoice: Invoice) -> set[str]:
    return {name_key(line.item) for line in invoice.lines}
