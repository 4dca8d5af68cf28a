"""Learning what became of a batch whose answer was lost (contract sections 2.4 and 8.1-8.3).

What QuickBooks holds and lane/ownership.py takes for ours is done. What it does not hold may still be in the making
for as long as QuickBooks may work on a request, so a transaction is not sent again before that time is over; a
batch of customers and items alone, whose names are unique there, may be, as long as nothing of it is there. It is
then sent under the same request id, which answers the first outcome if there was one, and that answer is looked
up too, because QuickBooks replays it even for a record deleted since. When the repetition is lost as well, and its
time over, what is not there is queued anew, under another id.

An item that alone had no outcome in a batch that was answered gets another id too: QuickBooks would repeat the
answer of the whole batch, or do all of it again. Updates, voids and deletes need no replay: the link's token is
read anew and the row is queued again.

What QuickBooks never lets us look up asks for a person after some hours (UnsettledBatch.is_hopeless). It is looked
up before anything of it is sent again.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from app.extensions import db, now, rows_changed
from app.quickbooks import outbox
from app.quickbooks.account.metering import reading_for
from app.quickbooks.api.client import Client
from app.quickbooks.api.errors import Fault, OutcomeUnknown, Refused, Unreachable
from app.quickbooks.lane import batches, landing, settling
from app.quickbooks.lane.fences import stopping_batch
from app.quickbooks.lane.recovery import evidence
from app.quickbooks.lane.recovery.conclusion import conclude
from app.quickbooks.lane.recovery.evidence import Evidence
from app.quickbooks.lane.recovery.unsettled import UnsettledBatch, server_limit
from app.quickbooks.lane.sending import Parcel, send
from app.quickbooks.models import AttemptOutcome, BatchState, PushBatch, SyncAttempt, TaskState
from app.quickbooks.models.batch_items import BatchItem

LONGEST_PAUSE = timedelta(minutes=5)
DOUBLINGS = 8  # by then the pause is the longest, and a number that grows on breaks the clock
UNSPOKEN = Fault(None, message="The answer does not speak of it.")


def open_batches(connection_id: int) -> list[int]:
    """Longest due first."""
    return list(
        db.session.scalars(
            select(PushBatch.id)
            .where(*outbox.to_check(connection_id))
            .order_by(PushBatch.check_at.nulls_first(), PushBatch.id)
        )
    )


@reading_for("lost answer")
def check(batch_id: int, client: Client) -> None:
    """Find out and settle. Commits. What cannot be learned now stays `checking`. Raises ApiError when it is the
    company that is in trouble.
    """
    with stopping_batch(batch_id, _over_at):
        _check(batch_id, client)


def _over_at(batch: PushBatch) -> datetime:
    """From then on QuickBooks can no longer be working on it."""
    return batch.last_sent_at + server_limit()


def _check(batch_id: int, client: Client) -> None:
    unsettled = take_up(batch_id)
    if unsettled is None:
        return
    seen = evidence.gather(client, unsettled.waiting, with_latest=unsettled.is_certain)
    missing = conclude(batch_id, unsettled, seen)
    if missing and _may_leave_again(batch_id, unsettled.left_at):
        _repeat(batch_id, client, unsettled, missing)


def take_up(batch_id: int) -> UnsettledBatch | None:
    """Begin to check a batch, whose rows become `checking`; None when it was settled meanwhile. One of which nobody
    has said anything left just now, for all we know: whoever sent it never came back.
    """
    batch = batches.lock_open(batch_id)
    if batch is None:
        db.session.rollback()
        return None
    if batch.check_at is None:
        batch.last_sent_at = now()
    batch.checks += 1
    batch.check_at = _next_check(batch)
    waiting = batches.rows_with_items(batch)
    for item, task in waiting:
        if task.state is TaskState.SENDING:
            settling.leave_open(batch, item, task)
    unsettled = UnsettledBatch(
        parcel=Parcel.of(batch),
        waiting=[item for item, _ in waiting],
        left_at=batch.last_sent_at,
        repeated=_times_lost(batch, [task.id for _, task in waiting]) > 1,
        checks=batch.checks,
    )
    db.session.commit()
    return unsettled


def _next_check(batch: PushBatch) -> datetime:
    """Later each time, but not much later than the moment from which on it can no longer be done."""
    later = now() + min(settling.FIRST_CHECK * 2 ** min(batch.checks, DOUBLINGS), LONGEST_PAUSE)
    over = _over_at(batch)
    return min(later, over) if over > now() else later


def _times_lost(batch: PushBatch, task_ids: list[int]) -> int:
    """How often the answer to this very request did not come, by what its rows remember: a repetition is about some
    of them alone.
    """
    lost = (
        select(func.count())
        .where(
            SyncAttempt.task_id.in_(task_ids),
            SyncAttempt.request_id == batch.request_id,
            SyncAttempt.outcome == AttemptOutcome.UNKNOWN,
        )
        .group_by(SyncAttempt.task_id)
        .order_by(func.count().desc())
        .limit(1)
    )
    return db.session.scalar(lost) or 0


def _may_leave_again(batch_id: int, left_at: datetime) -> bool:
    """False when another process has sent it since, or settled it: two at once could both be done. Commits."""
    claimed = rows_changed(
        update(PushBatch)
        .where(
            PushBatch.id == batch_id,
            PushBatch.state == BatchState.WRITTEN,
            PushBatch.last_sent_at == left_at,
        )
        .values(last_sent_at=now())
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return claimed == 1


def _repeat(batch_id: int, client: Client, unsettled: UnsettledBatch, missing: list[BatchItem]) -> None:
    """The same batch under the same request id; an answered record must exist to be believed."""
    try:
        answer = send(client, unsettled.parcel)
    except Unreachable:
        raise
    except OutcomeUnknown as error:
        landing.leave_to_recovery(batch_id, now() + settling.FIRST_CHECK, error.fault)
        return
    except Refused as error:
        landing.refuse_whole(batch_id, error.fault)
        return
    results = {item.bid: answer.by_bid.get(item.bid, UNSPOKEN) for item in missing}
    faults = {bid: result for bid, result in results.items() if isinstance(result, Fault)}
    made = [
        replace(item, body={"Id": result["Id"]})
        for item in missing
        if not isinstance(result := results[item.bid], Fault)
    ]
    conclude(batch_id, unsettled, Evidence(records=evidence.reread(client, made), faults=faults))
