"""What an invoice's row says and offers (domain promise 7). Reads only; a few queries for a page of rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import select

from app.accounts.models import Company
from app.extensions import db
from app.invoices.models import Invoice
from app.quickbooks.account.connection import known_connection
from app.quickbooks.catalogue.keys import DIFFERS_THERE
from app.quickbooks.kinds.records import links_of
from app.quickbooks.models import (
    LIVE,
    SYNCABLE,
    Connection,
    ConnectionState,
    RecordKind,
    RemoteLink,
    SyncTask,
    TaskState,
)
from app.quickbooks.models.left_different import LeftDifferent
from app.quickbooks.outbox.states import ALLOWED, IN_PROGRESS
from app.quickbooks.pages import taxed
from app.quickbooks.pages.standing import (
    Standing,
    standing,
    standstill_of,
    why_it_waits,
)

WHERE_TO_CONNECT = "Connect QuickBooks first: Settings → Integrations → QuickBooks."
WHERE_TO_RECONNECT = "QuickBooks has to be connected again: Settings → Integrations → QuickBooks."
INVOICES_OFF = "Invoice sync is off: QuickBooks → Settings → Sync Preferences."
NOT_ON_PLAN = "QuickBooks sync is part of the Pro plan."
# The same for who has no such menu.
ASK_AN_OWNER = {
    WHERE_TO_CONNECT: "Ask an Owner: QuickBooks is not connected.",
    WHERE_TO_RECONNECT: "Ask an Owner: QuickBooks has to be connected again.",
    INVOICES_OFF: "Ask an Owner: invoice sync is switched off.",
    NOT_ON_PLAN: "Ask an Owner: QuickBooks sync is part of the Pro plan.",
}
TAKEN_BACK_BY = "An Owner or a Bookkeeper can take it back."


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
    waits: str = ""  # for what
    is_left_out: bool = False
    may_leave_out: bool = False  # if an Owner or a Bookkeeper asks
    is_compared: bool = False  # both sides are shown before anything is sent
    left_different: LeftDifferent | None = None
    taxed: str = ""  # whom QuickBooks counts its tax for
    standing: Standing | None = None  # None: never linked to QuickBooks
    unfinished: bool = False  # it is asked for again until it has come to rest

    @property
    def enabled(self) -> bool:
        return not self.why_not and self.label is not Label.QUEUED


def row_actions(
    company: Company, invoices: Iterable[Invoice], may_take_back: bool = True, is_owner: bool = True
) -> dict[int, RowAction]:
    """By invoice id; an invoice whose status does not sync has none.

    `may_take_back`: an Owner or a Bookkeeper asks; `is_owner`: who can connect and choose.
    """
    syncable = {invoice.id: invoice for invoice in invoices if invoice.status in SYNCABLE}
    connection = known_connection(company.id)
    is_live = connection is not None and connection.state is not ConnectionState.DISCONNECTED
    why_not = _why_no_action(company, connection if is_live else None)
    why_not = why_not if is_owner else ASK_AN_OWNER.get(why_not, why_not)
    if not connection or not syncable:
        return {invoice_id: RowAction(Label.SYNC, why_not) for invoice_id in syncable}
    tasks, links = _tasks(connection, list(syncable)), links_of(connection.id, {RecordKind.INVOICE: syncable})
    standstill = standstill_of(connection, RecordKind.INVOICE)
    actions = {}
    for invoice_id, invoice in syncable.items():
        task, link = tasks.get(invoice_id), links.get((RecordKind.INVOICE, invoice_id))
        action = _action(task, link, why_not, standstill)
        if not is_live:
            action = replace(action, may_leave_out=False, unfinished=False)
        state = standing(task, link, invoice, company, standstill)
        taxed_for = taxed.told(connection, link) if is_live else ""
        actions[invoice_id] = replace(action, standing=state, taxed=taxed_for)
    return actions if may_take_back else {key: _without_taking_back(each) for key, each in actions.items()}


def unfinished(company_id: int, invoice_ids: Iterable[int]) -> set[int]:
    """Of these invoices, those whose row says Sync queued. One query."""
    rows = (
        select(SyncTask.record_id)
        .join(SyncTask.connection)
        .where(
            Connection.company_id == company_id,
            LIVE,
            SyncTask.kind == RecordKind.INVOICE,
            SyncTask.record_id.in_(list(invoice_ids)),
            SyncTask.state.in_(IN_PROGRESS),
        )
    )
    return set(db.session.scalars(rows))


def _why_no_action(company: Company, connection: Connection | None) -> str:
    if not company.plan.has_quickbooks:
        return NOT_ON_PLAN
    if connection is None:
        return WHERE_TO_CONNECT
    if connection.state is ConnectionState.RECONNECT_NEEDED:
        return WHERE_TO_RECONNECT
    return "" if connection.preferences.sync_invoices else INVOICES_OFF


def _action(task: SyncTask | None, link: RemoteLink | None, why_not: str, standstill: str) -> RowAction:
    if task is None:
        label = Label.FORCE if link else Label.SYNC
        return RowAction(label, why_not, may_leave_out=True, is_compared=link is not None)
    label, waits = _label(task), why_it_waits(task, standstill)
    return RowAction(
        label,
        why_not,
        task.message,
        waits if waits and task.state is TaskState.BACKOFF else task.remedy,
        waits=waits,
        unfinished=label is Label.QUEUED,
        is_left_out=task.state is TaskState.SKIPPED,
        may_leave_out=TaskState.SKIPPED in ALLOWED[task.state],
        # Somebody looks at both sides first.
        is_compared=link is not None and (label is Label.FORCE or task.problem in DIFFERS_THERE),
        left_different=link.left if link else None,
    )


def _label(task: SyncTask) -> Label:
    match task.state:
        case TaskState.QUEUED | TaskState.SENDING | TaskState.CHECKING:
            return Label.QUEUED
        case TaskState.BACKOFF | TaskState.ERROR:
            return Label.RETRY
        case TaskState.SYNCED:
            return Label.FORCE
        case _:
            return Label.SYNC


def _without_taking_back(action: RowAction) -> RowAction:
    """Whoever may leave a record out may end it too; a Dispatcher may not."""
    if not action.is_left_out or action.why_not:
        return action
    return replace(action, why_not=f"{action.message} {TAKEN_BACK_BY}")


def _tasks(connection: Connection, invoice_ids: list[int]) -> dict[int, SyncTask]:
    rows = db.session.scalars(
        select(SyncTask).where(
            SyncTask.connection_id == connection.id,
            SyncTask.kind == RecordKind.INVOICE,
            SyncTask.record_id.in_(invoice_ids),
        )
    )
    return {task.record_id: task for task in rows}
