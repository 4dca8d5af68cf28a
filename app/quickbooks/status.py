"""What an invoice's row says and offers (domain promise 7). Reads only; a few queries for a page of rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from app.accounts.models import Company
from app.extensions import db
from app.invoices.models import Invoice
from app.quickbooks.connection import live_connection
from app.quickbooks.models import (
    SYNCABLE,
    Connection,
    ConnectionState,
    RecordKind,
    RemoteLink,
    SyncTask,
    TaskState,
)

WHERE_TO_CONNECT = "Connect QuickBooks first: Settings → Integrations → QuickBooks."
WHERE_TO_RECONNECT = "QuickBooks has to be connected again: Settings → Integrations → QuickBooks."
INVOICES_OFF = "Invoice sync is off: Settings → Integrations → QuickBooks → Sync Preferences."
NOT_ON_PLAN = "QuickBooks sync is part of the Pro plan."


class Label(StrEnum):
    """The four labels of domain promise 7."""

    SYNC = "Sync to QuickBooks"
    FORCE = "Force re-sync"
    QUEUED = "Sync queued"
    RETRY = "Retry"


@dataclass(frozen=True)
class RowAction:
    """One invoice's action; `why_not` is the tooltip of a disabled one, `message` what went wrong last."""

    label: Label
    why_not: str = ""
    message: str = ""
    remedy: str = ""

    @property
    def enabled(self) -> bool:
        return not self.why_not and self.label is not Label.QUEUED

    @property
    def unfinished(self) -> bool:
        return self.label is Label.QUEUED


def row_actions(company: Company, invoices: Iterable[Invoice]) -> dict[int, RowAction]:
    """By invoice id; an invoice whose status does not sync has none."""
    syncable = [invoice.id for invoice in invoices if invoice.status in SYNCABLE]
    connection = live_connection(company.id)
    why_not = _why_no_action(company, connection)
    if not connection or not syncable:
        return {invoice_id: RowAction(Label.SYNC, why_not) for invoice_id in syncable}
    tasks, linked = _tasks(connection, syncable), _linked(connection, syncable)
    return {
        invoice_id: _action(tasks.get(invoice_id), invoice_id in linked, why_not) for invoice_id in syncable
    }


def _why_no_action(company: Company, connection: Connection | None) -> str:
    if not company.plan.has_quickbooks:
        return NOT_ON_PLAN
    if connection is None:
        return WHERE_TO_CONNECT
    if connection.state is ConnectionState.RECONNECT_NEEDED:
        return WHERE_TO_RECONNECT
    return "" if connection.preferences.sync_invoices else INVOICES_OFF


def _action(task: SyncTask | None, linked: bool, why_not: str) -> RowAction:
    if task is None:
        return RowAction(Label.FORCE if linked else Label.SYNC, why_not)
    match task.state:
        case TaskState.QUEUED | TaskState.SENDING | TaskState.CHECKING:
            label = Label.QUEUED
        case TaskState.BACKOFF | TaskState.ERROR:
            label = Label.RETRY
        case TaskState.SYNCED:
            label = Label.FORCE
        case _:
            label = Label.SYNC
    return RowAction(label, why_not, task.message, task.remedy)


def _tasks(connection: Connection, invoice_ids: list[int]) -> dict[int, SyncTask]:
    rows = db.session.scalars(
        select(SyncTask).where(
            SyncTask.connection_id == connection.id,
            SyncTask.kind == RecordKind.INVOICE,
            SyncTask.record_id.in_(invoice_ids),
        )
    )
    return {task.record_id: task for task in rows}


def _linked(connection: Connection, invoice_ids: list[int]) -> set[int]:
    return set(
        db.session.scalars(
            select(RemoteLink.record_id).where(
                RemoteLink.connection_id == connection.id,
                RemoteLink.kind == RecordKind.INVOICE,
                RemoteLink.record_id.in_(invoice_ids),
            )
        )
    )
