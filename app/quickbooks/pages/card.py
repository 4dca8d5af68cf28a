"""A record of ours beside its record in QuickBooks, for the record's own page. Reads only, and asks nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from app.customers.models import Customer
from app.extensions import db
from app.invoices.models import Invoice
from app.quickbooks import outbox
from app.quickbooks.account.connection import known_connection
from app.quickbooks.kinds.records import link_of
from app.quickbooks.models import RecordKind, RemoteLink, SyncAttempt, SyncTask
from app.quickbooks.pages.shortened import shortened
from app.quickbooks.pages.standing import Standing, standing, standstill_of, why_it_waits

LATEST_ATTEMPTS = 10


@dataclass(frozen=True)
class Sides:
    """One amount here and as QuickBooks last showed it."""

    label: str
    here: Decimal
    there: Decimal

    @property
    def difference(self) -> Decimal:
        return self.there - self.here


@dataclass(frozen=True)
class Card:
    """`sides` are those that QuickBooks has shown, `attempts` the latest first, `shortened` says what does not go
    there whole.
    """

    standing: Standing
    is_linked: bool = False
    sent_at: datetime | None = None
    sides: Sequence[Sides] = ()
    task: SyncTask | None = None
    waits: str = ""  # for what, if it would go by itself
    attempts: Sequence[SyncAttempt] = ()
    has_older: bool = False  # there are more attempts than these
    shortened: Sequence[str] = ()


def card_of(record: Invoice | Customer) -> Card | None:
    """None where the company was never connected. After a disconnect, what is known from before."""
    connection = known_connection(record.company_id)
    if connection is None:
        return None
    kind = RecordKind.INVOICE if isinstance(record, Invoice) else RecordKind.CUSTOMER
    link = link_of(connection.id, kind, record.id)
    task = outbox.task_for(connection.id, kind, record.id)
    attempts = _attempts(task) if task else ()
    standstill = standstill_of(connection, kind, task)
    return Card(
        standing=standing(task, link, record, connection.company, standstill),
        is_linked=link is not None,
        sent_at=link.pushed_at if link and link.memory.is_written else None,
        sides=tuple(_sides(record, link)) if link and isinstance(record, Invoice) else (),
        task=task,
        waits=why_it_waits(task, standstill) if task else "",
        attempts=attempts[:LATEST_ATTEMPTS],
        has_older=len(attempts) > LATEST_ATTEMPTS,
        shortened=shortened(record),
    )


def _attempts(task: SyncTask) -> Sequence[SyncAttempt]:
    """The latest, and one more if there is one."""
    tried = select(SyncAttempt).where(SyncAttempt.task_id == task.id, SyncAttempt.request_id != "")
    return db.session.scalars(tried.order_by(SyncAttempt.id.desc()).limit(LATEST_ATTEMPTS + 1)).all()


def _sides(invoice: Invoice, link: RemoteLink) -> list[Sides]:
    """Only what QuickBooks has shown; a void invoice is worth nothing in either place."""
    seen = link.memory
    shown = (("Total", invoice.counted_total, seen.total), ("Balance", invoice.balance, seen.balance))
    return [Sides(label, here, Decimal(there)) for label, here, there in shown if there is not None]
