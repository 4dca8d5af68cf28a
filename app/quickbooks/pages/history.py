"""What was tried for a record at QuickBooks, for the history on the record's own page.

What people decided about it is in the activity; the tries' request ids and faults are on the row's own page.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, or_, select

from app.activity.history import MOST, Entry
from app.activity.models import Subject
from app.extensions import db
from app.quickbooks.models import AttemptOutcome, Connection, RecordKind, SyncAttempt, SyncTask
from app.quickbooks.outbox import money_records

OUTCOMES = {
    AttemptOutcome.ACCEPTED: "{what} reached QuickBooks",
    AttemptOutcome.FOUND: "{what} was found in QuickBooks",
    AttemptOutcome.REREAD: "{what} was read again in QuickBooks",
    AttemptOutcome.REFUSED: "QuickBooks refused {what}: {detail}",
    AttemptOutcome.UNKNOWN: "the answer of QuickBooks about {what} was lost",
    AttemptOutcome.NOT_THERE: "{what} was not in QuickBooks after all",
    AttemptOutcome.NOT_LEARNED: "nobody could learn whether {what} reached QuickBooks",
    AttemptOutcome.NOT_SENT: "{what} was not sent",
    AttemptOutcome.NO_TOKEN: "{what} was not sent, because the access to QuickBooks could not be renewed",
    AttemptOutcome.UNAUTHORIZED: "{what} was not sent, because QuickBooks did not accept the access",
    AttemptOutcome.STOPPED: "{what} stopped at something unexpected",
    AttemptOutcome.LINKED: "{what} was linked with what QuickBooks had already",
    AttemptOutcome.LEFT_OUT: "{what} was left out of QuickBooks",
    AttemptOutcome.TAKEN_BACK: "{what} was taken back into the sync",
    AttemptOutcome.LEFT_DIFFERENT: "{what} was left different in QuickBooks",
}
SENT = {
    "create": "the new {}",
    "update": "the changed {}",
    "void": "the void of the {}",
    "delete": "the removal of the {}",
}
TROUBLE = frozenset({AttemptOutcome.REFUSED, AttemptOutcome.UNKNOWN})


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
    return (
        OUTCOMES[attempt.outcome].format(what=what, detail=attempt.detail or "it did not say why").rstrip(".")
    )
