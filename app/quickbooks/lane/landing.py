"""What left has come to something: an answer is settled, and what came instead of one is written down too."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from app.extensions import db, now
from app.patience import patiently
from app.quickbooks.api.client import BatchAnswer
from app.quickbooks.api.errors import ApiError, Fault, OutcomeUnknown, Throttled, Unreachable
from app.quickbooks.catalogue import entry_for
from app.quickbooks.lane import batches, fences, settling, troubles
from app.quickbooks.lane.lease import LeaseLost
from app.quickbooks.lane.sending import NotSentError, Outcome, Parcel
from app.quickbooks.models import AttemptOutcome
from app.quickbooks.outbox import outcomes, policy

log = logging.getLogger(__name__)


def take(connection_id: int, landed: Sequence[tuple[Parcel, Outcome]]) -> None:
    """What cannot be settled now stays open, and recovery looks it up."""
    answers = {parcel.batch_id: outcome for parcel, outcome in landed if isinstance(outcome, BatchAnswer)}
    if answers:
        _attempt(partial(settling.settle, answers), list(answers))
    for parcel, outcome in landed:
        if parcel.batch_id not in answers:
            _attempt(partial(_without_answer, connection_id, parcel, outcome), [parcel.batch_id])


def _attempt(settle: Callable[[], None], batch_ids: list[int]) -> None:
    try:
        patiently(settle)
    except fences.FORESEEN:
        raise
    except Exception:
        db.session.rollback()
        log.exception("The answers to batches %s were not understood", batch_ids)


def _without_answer(connection_id: int, parcel: Parcel, outcome: Outcome) -> None:
    match outcome:
        case LeaseLost() | NotSentError():
            requeue_unsent(parcel.batch_id, AttemptOutcome.NOT_SENT)
        case Throttled() | Unreachable():
            requeue_unsent(parcel.batch_id, AttemptOutcome.NOT_SENT, outcome.fault)
            troubles.pause_for(connection_id, outcome)
        case OutcomeUnknown():
            leave_to_recovery(parcel.batch_id, now() + settling.FIRST_CHECK, outcome.fault)
        case ApiError():
            refuse_whole(parcel.batch_id, outcome.fault)
        case Exception():
            log.error("Batch %s broke while it was sent", parcel.batch_id, exc_info=outcome)
            leave_to_recovery(parcel.batch_id, now() + settling.FIRST_CHECK)


def requeue_unsent(batch_id: int, outcome: AttemptOutcome, fault: Fault | None = None) -> None:
    """The batch certainly did nothing (it never left, or was refused at the door): its rows are due again.

    Unless recovery has taken it up meanwhile: that may have sent it again, and knows better. Commits.
    """
    batch = batches.lock_open(batch_id)
    if batch is None or batch.checks:
        db.session.rollback()
        return
    for item, task in batches.rows_with_items(batch):
        batches.note_attempt(task, batch, item, outcome, fault)
        outcomes.try_again(task)
    batches.close(batch)
    db.session.commit()


def refuse_whole(batch_id: int, fault: Fault) -> None:
    """QuickBooks refused the batch as such: the company's trouble, or one bad row's, which is found by sending
    each row alone. Commits.
    """
    batch = batches.lock_open(batch_id)
    if batch is None:
        db.session.rollback()
        return
    entry = entry_for(fault)
    company_trouble = policy.decide(entry, attempts=0, fixes=0)
    for item, task in batches.rows_with_items(batch):
        batches.note_attempt(task, batch, item, AttemptOutcome.REFUSED, fault)
        outcomes.try_again(task, alone=not isinstance(company_trouble, settling.COMPANY_WIDE))
    batches.close(batch)
    settling.apply_to_company(batch.connection_id, company_trouble)
    db.session.commit()


def leave_to_recovery(batch_id: int, check_at: datetime, fault: Fault | None = None) -> None:
    """Nobody knows whether QuickBooks did it: the rows are `checking` until recovery knows. Commits."""
    batch = batches.lock_open(batch_id)
    if batch is None:
        db.session.rollback()
        return
    batch.check_at, batch.last_sent_at = check_at, now()
    for item, task in batches.rows_with_items(batch):
        settling.leave_open(batch, item, task, fault)
    db.session.commit()
