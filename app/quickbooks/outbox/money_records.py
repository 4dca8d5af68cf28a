"""Payments and refunds: which of them have to go to QuickBooks. Those of an invoice that is there or on its way."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, ColumnExpressionArgument, Select, and_, exists, false, or_, select
from sqlalchemy.orm import aliased

from app.extensions import db
from app.invoices.models import Invoice, InvoiceStatus, Payment, Refund
from app.quickbooks.account.connection import fresh_connection
from app.quickbooks.kinds import KINDS
from app.quickbooks.kinds.money_record import MoneyRecord
from app.quickbooks.kinds.records import of_record
from app.quickbooks.models import Connection, RecordKind, RemoteLink, SyncTask, TaskState
from app.quickbooks.outbox import rows
from app.quickbooks.outbox.states import ON_THE_WIRE

MODELS: dict[RecordKind, type[Payment | Refund]] = {
    kind.key: kind.model for kind in KINDS.values() if isinstance(kind, MoneyRecord)
}

_InvoiceTask, _InvoiceLink = aliased(SyncTask), aliased(RemoteLink)
_IS_COMING = or_(_InvoiceTask.id.is_not(None), _InvoiceLink.id.is_not(None))


def recorded(kind: RecordKind, *conditions: ColumnExpressionArgument[bool]) -> Select[int, int]:
    """Ids of the connection and of what was recorded, moved or taken back: when it belongs to an invoice that
    QuickBooks has or gets, or was sent already.
    """
    wanted = or_(SyncTask.id.is_not(None), and_(_stands(MODELS[kind]), _IS_COMING))
    return _records(kind, wanted, *conditions)


def queue_all_of(connection: Connection, invoice_id: int) -> None:
    """Somebody sends this invoice: its money goes along, but for what was left out."""
    for kind, model in MODELS.items():
        wanted = or_(SyncTask.state != TaskState.SKIPPED, and_(SyncTask.id.is_(None), _stands(model)))
        _queue(connection, kind, model.invoice_id == invoice_id, wanted, by_hand=True)


def follow(connection_id: int, invoice_ids: Collection[int]) -> None:
    """These invoices have arrived in QuickBooks: what was received for them before follows, and what had nothing to
    belong to.
    """
    if not (kinds := _kinds_of(invoice_ids)):
        return
    connection = fresh_connection(connection_id)
    if not connection.preferences.sync_payments:
        return
    for kind in kinds:
        model = MODELS[kind]
        theirs = model.invoice_id.in_(invoice_ids)
        rows.ensure_queued(
            connection_id, kind, db.session.scalars(without_row(connection, kind).where(theirs))
        )
        _queue(
            connection, kind, theirs, _InvoiceLink.id.is_not(None), SyncTask.problem == "invoice_not_there"
        )


def _kinds_of(invoice_ids: Collection[int]) -> list[RecordKind]:
    """What these invoices have: most have nothing when they arrive, and then nothing more is asked."""
    if not invoice_ids:
        return []
    have = [exists().where(model.invoice_id.in_(invoice_ids)) for model in MODELS.values()]
    return [kind for kind, has in zip(MODELS, db.session.execute(select(*have)).one(), strict=True) if has]


def without_row(connection: Connection, kind: RecordKind) -> Select[int]:
    """Ids of what stands for an invoice that is in QuickBooks, and was never queued."""
    is_there = _InvoiceLink.id.is_not(None)
    stands = _stands(MODELS[kind])
    found = _records(kind, Connection.id == connection.id, stands, SyncTask.id.is_(None), is_there)
    return found.with_only_columns(MODELS[kind].id)


def queue_owed(connection: Connection) -> dict[RecordKind, int]:
    """All that QuickBooks lacks or has in an old state; how many of each kind."""
    return {kind: _queue(connection, kind, _is_owed(model)) for kind, model in MODELS.items()}


def _is_owed(model: type[Payment | Refund]) -> ColumnElement[bool]:
    lacking = and_(RemoteLink.id.is_(None), _stands(model), _IS_COMING)
    # What QuickBooks makes of it is learned later, and then it has to be as it is here.
    under_way = and_(RemoteLink.id.is_(None), SyncTask.state.in_(ON_THE_WIRE))
    became_void = and_(Invoice.status == InvoiceStatus.VOID, Invoice.updated_at > RemoteLink.pushed_at)
    asks_in_vain = and_(RemoteLink.id.is_(None), ~_stands(model), SyncTask.state == TaskState.ERROR)
    return or_(lacking, under_way, asks_in_vain, model.updated_at > RemoteLink.pushed_at, became_void)


def _stands(model: type[Payment | Refund]) -> ColumnElement[bool]:
    """mapping.money_record.is_over, the other way round and in SQL."""
    taken_back = Payment.taken_back_at.is_not(None) if model is Payment else false()
    return and_(~taken_back, Invoice.status != InvoiceStatus.VOID)


def _queue(
    connection: Connection, kind: RecordKind, *conditions: ColumnElement[bool], by_hand: bool = False
) -> int:
    found = _records(kind, Connection.id == connection.id, *conditions)
    return rows.queue_selected(kind, found, by_hand=by_hand)


def _records(kind: RecordKind, *conditions: ColumnExpressionArgument[bool]) -> Select[int, int]:
    """Ids of the connection and of the record; the conditions say which connection."""
    model = MODELS[kind]
    return (
        select(Connection.id, model.id)
        .join(Invoice, Invoice.id == model.invoice_id)
        .join(Connection, Connection.company_id == model.company_id)
        .join(Connection.preferences)
        .outerjoin(SyncTask, of_record(SyncTask, Connection, kind, model.id))
        .outerjoin(RemoteLink, of_record(RemoteLink, Connection, kind, model.id))
        .outerjoin(_InvoiceTask, of_record(_InvoiceTask, Connection, RecordKind.INVOICE, Invoice.id))
        .outerjoin(_InvoiceLink, of_record(_InvoiceLink, Connection, RecordKind.INVOICE, Invoice.id))
        .where(*conditions)
    )
