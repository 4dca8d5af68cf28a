"""What was tried for a record at QuickBooks, for the history on the record's own page.

What people decided about it is in the activity; the tries' request ids and faults are on the row's own page.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, or_, select

from app.activity.history import MOST, Entry
from app.activity.models import Subject
from app.extensions import db
from app.quickbooks.models import Connection, RecordKind, SyncAttempt, SyncTask
from app.quickbooks.outbox import money_records

OUTCOMES = {
    "accepted": "{what} reached QuickBooks",
    "found": "{what} was found in QuickBooks",
    "reread": "{what} was read again in QuickBooks",
    "refused": "QuickBooks refused {what}: {detail}",
    "unknown": "the answer of QuickBooks about {what} was lost",
    "not there": "{what} was not in QuickBooks after all",
    "not learned": "nobody could learn whether {what} reached QuickBooks",
    "not sent": "{what} was not sent",
}
SENT = {
    "create": "the new {}",
    "update": "the changed {}",
    "void": "the void of the {}",
    "delete": "the removal of the {}",
}
TROUBLE = frozenset({"refused", "unknown"})


def sync_entries(company_id: int, subject: Subject) -> Iterable[Entry]:
    """A source of activity.history: customers, and invoices with their payments and refunds."""
    if subject.kind not in (RecordKind.CUSTOMER, RecordKind.INVOICE):
        return
    newest_first = (
        select(SyncAttempt, SyncTask.kind)
        .join(SyncAttempt.task)
        .join(SyncTask.connection)
        .where(Connection.company_id == company_id, _is_about(subject), SyncAttempt.request_id != "")
        .order_by(SyncAttempt.id.desc())
        .limit(MOST)
    )
    for attempt, kind in db.session.execute(newest_first):
        yield Entry(attempt.at, "", _told(attempt, kind), is_trouble=attempt.outcome in TROUBLE)


def _is_about(subject: Subject) -> ColumnElement[bool]:
    own = and_(SyncTask.kind == RecordKind(subject.kind), SyncTask.record_id == subject.id)
    if subject.kind != RecordKind.INVOICE:
        return own
    money = (
        and_(SyncTask.kind == kind, SyncTask.record_id.in_(select(model.id).filter_by(invoice_id=subject.id)))
        for kind, model in money_records.MODELS.items()
    )
    return or_(own, *money)


def _told(attempt: SyncAttempt, kind: RecordKind) -> str:
    what = SENT.get(attempt.operation, "the {}").format(kind.value)
    sentence = OUTCOMES.get(attempt.outcome, "{what}: " + attempt.outcome)
    return sentence.format(what=what, detail=attempt.detail or "it did not say why").rstrip(".")
