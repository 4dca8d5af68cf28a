"""Learning what became of a batch whose answer was lost (design section 3, contract sections 2.4 and 8.1-8.3).

What QuickBooks holds already is taken as done. What it does not hold may still be in the making for as long as
QuickBooks may work on a request, so a transaction is not sent again before that time is over; customers and items,
whose names are unique there, may be. It is then sent under the same request id, which answers the first outcome
if there was one, and that answer is looked up too, because QuickBooks replays it even for a record deleted since.
When the repetition is lost as well, and its time over, what is not there is queued anew, under another id.
Updates, voids and deletes need no replay: the link's token is read anew and the row is queued again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import func, select, update

from app.extensions import db, now
from app.quickbooks.api.client import Client
from app.quickbooks.api.errors import Fault, OutcomeUnknown, Refused, Unreachable
from app.quickbooks.catalogue import entry_for
from app.quickbooks.kinds.records import Shelf, name_of
from app.quickbooks.lane import adoption, batches, conflicts, lookups, settling
from app.quickbooks.lane.fences import RowFence, row_by_row, stopping_batch
from app.quickbooks.lane.sending import Parcel, send
from app.quickbooks.mapping.identity import asked_by, key_of
from app.quickbooks.mapping.invoice import is_void
from app.quickbooks.models import BatchState, PushBatch, SyncAttempt, SyncTask, TaskState
from app.quickbooks.outbox import outcomes
from app.quickbooks.outbox.states import move

Item = dict[str, Any]
Result = dict[str, Any] | Fault

FIRST_CHECK = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=5)
NAMES_ARE_UNIQUE = frozenset({"Customer", "Item"})  # contract sections 4.1 and 4.3


@dataclass(frozen=True)
class Doubt:
    """A batch nobody settled: its items that are still open, when it may have left for the last time, and whether
    it was sent twice already.
    """

    parcel: Parcel
    waiting: list[Item]
    left_at: datetime
    repeated: bool


def open_batches(connection_id: int) -> list[int]:
    """Batches nobody settled: the lane that wrote them is gone, or their answer was. Longest due first."""
    return list(
        db.session.scalars(
            select(PushBatch.id)
            .where(
                PushBatch.connection_id == connection_id,
                PushBatch.state == BatchState.WRITTEN,
                (PushBatch.check_at.is_(None)) | (PushBatch.check_at <= now()),
            )
            .order_by(PushBatch.check_at.nulls_first(), PushBatch.id)
        )
    )


def check(batch_id: int, client: Client) -> None:
    """Find out and settle. Commits. Raises ApiError when QuickBooks cannot be asked; the rows stay `checking`."""
    with stopping_batch(batch_id, _over_at):
        _check(batch_id, client)


def _over_at(batch: PushBatch) -> datetime:
    """From then on QuickBooks can no longer be working on it."""
    return batch.last_sent_at + _server_limit()


def _check(batch_id: int, client: Client) -> None:
    doubt = _begin(batch_id)
    if doubt is None:
        return
    over = doubt.left_at + _server_limit() <= now()
    creates = [item for item in doubt.waiting if item["operation"] == "create"]
    others = [item for item in doubt.waiting if item["operation"] != "create"]
    answers = _look_up(client, creates) | _reread(client, others)
    missing = [item for item in creates if item["bid"] not in answers]
    certain = over or _names_are_unique(doubt.parcel)
    nothing_done = len(missing) == len(doubt.parcel.items)
    may_repeat = certain and not doubt.repeated and (nothing_done or _names_are_unique(doubt.parcel))
    _conclude(batch_id, answers, give_up=certain and not may_repeat)
    if missing and may_repeat and _may_leave_again(batch_id, doubt.left_at):
        _repeat(batch_id, client, doubt.parcel, missing)


def _names_are_unique(parcel: Parcel) -> bool:
    """Then a second execution can make nothing twice. Of invoices, a batch is only sent again when nothing of it
    was done: where QuickBooks has forgotten the request id, the done part would be done twice.
    """
    return all(item["entity"] in NAMES_ARE_UNIQUE for item in parcel.items)


def _server_limit() -> timedelta:
    return timedelta(seconds=current_app.config["QUICKBOOKS_SERVER_LIMIT_SECONDS"])


def _begin(batch_id: int) -> Doubt | None:
    """None when it was settled meanwhile. Its rows become `checking`. A batch of which nobody has said anything
    left just now, for all we know: whoever sent it never came back.
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
            batches.remember(task, batch, item, "unknown")
            move(task, TaskState.CHECKING)
    doubt = Doubt(
        parcel=Parcel.of(batch),
        waiting=[item for item, _ in waiting],
        left_at=batch.last_sent_at,
        repeated=_times_lost(batch, [task.id for _, task in waiting]) > 1,
    )
    db.session.commit()
    return doubt


def _next_check(batch: PushBatch) -> datetime:
    """Later each time, but not much later than the moment from which on it can no longer be done."""
    later = now() + min(FIRST_CHECK * 2**batch.checks, LONGEST_PAUSE)
    over = _over_at(batch)
    return min(later, over) if over > now() else later


def _times_lost(batch: PushBatch, task_ids: list[int]) -> int:
    """How often the answer to this very request did not come, by what its rows remember."""
    lost = select(func.count()).where(
        SyncAttempt.task_id.in_(task_ids[:1]),
        SyncAttempt.request_id == batch.request_id,
        SyncAttempt.outcome == "unknown",
    )
    return db.session.scalar(lost) or 0


def _may_leave_again(batch_id: int, left_at: datetime) -> bool:
    """False when another process has sent it since: two at once could both be done. Commits."""
    claimed = db.session.execute(
        update(PushBatch)
        .where(PushBatch.id == batch_id, PushBatch.last_sent_at == left_at)
        .values(last_sent_at=now())
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return claimed.rowcount == 1


def _look_up(client: Client, items: list[Item]) -> dict[str, dict[str, Any]]:
    """Records that look like what the items wanted to create, by bid."""
    answers = {}
    for entity in sorted({item["entity"] for item in items}):
        wanted = [item for item in items if item["entity"] == entity]
        found = lookups.find(client, entity, {asked_by(entity, item["body"]) for item in wanted})
        for item in wanted:
            namesakes = found.get(key_of(entity, item["body"]), [])
            if ours := [remote for remote in namesakes if _is_ours(item, remote)]:
                answers[item["bid"]] = next(
                    (r for r in ours if r.get("TotalAmt") == item.get("total")), ours[0]
                )
    return answers


def _is_ours(item: Item, remote: dict[str, Any]) -> bool:
    """Same name, number or mark, for a transaction the same customer, and not one that a person has set apart from
    it. Of several, the one with our total is taken; of a single one, the total is compared when it is settled. A
    void payment is an earlier one, which was made again.
    """
    body = item["body"]
    if remote["Id"] in item.get("others", ()) or (item["entity"] == "Payment" and is_void(remote)):
        return False
    if "CustomerRef" not in body:
        return remote.get("Active", True)
    return remote["CustomerRef"]["value"] == body["CustomerRef"]["value"]


def _reread(client: Client, items: list[Item]) -> dict[str, Result]:
    """The present record behind an update or a void, by bid; a refusal when it is gone."""
    answers: dict[str, Result] = {}
    for item in items:
        try:
            answers[item["bid"]] = client.read(item["entity"], item["body"]["Id"])
        except Refused as error:
            answers[item["bid"]] = error.fault
    return answers


def _repeat(batch_id: int, client: Client, parcel: Parcel, missing: list[Item]) -> None:
    """The same batch under the same request id; an answered record must exist to be believed."""
    try:
        answer = send(client, parcel)
    except Unreachable:
        raise
    except OutcomeUnknown as error:
        settling.doubt(batch_id, now() + FIRST_CHECK, error.fault)
        return
    except Refused as error:
        settling.refuse_whole(batch_id, error.fault)
        return
    wanted = {item["bid"]: item for item in missing}
    replayed = {bid: result for bid, result in answer.by_bid.items() if bid in wanted}
    created = {bid: result for bid, result in replayed.items() if not isinstance(result, Fault)}
    rereads = _reread(client, [{**wanted[bid], "body": {"Id": r["Id"]}} for bid, r in created.items()])
    _conclude(batch_id, replayed | rereads)


def _conclude(batch_id: int, answers: dict[str, Result], give_up: bool = False) -> None:
    """Settle what is answered. `give_up`: the rest was certainly not done, and is queued under a new id."""
    row_by_row(lambda fence: _settle_all(batch_id, answers, give_up, fence))


def _settle_all(batch_id: int, answers: dict[str, Result], give_up: bool, fence: RowFence) -> None:
    batch = batches.lock_open(batch_id)
    if batch is None:
        db.session.rollback()
        return
    tasks = batches.lock_rows(batch)
    shelf = Shelf.load(batch.connection_id, tasks.values())
    remaining = 0
    for item in batch.items:
        task, result = tasks.get(item["task_id"]), answers.get(item["bid"])
        if task is None:
            continue
        if result is None and not give_up:
            remaining += 1
            continue
        with fence.around(task):
            if result is not None:
                _settle(batch, item, task, shelf, result)
            else:
                batches.remember(task, batch, item, "not there")
                outcomes.send_again(task, name_of(shelf.record(task), task.kind))
    settling.follow_up(batch, tasks.values(), fence)
    settling.stamp(batch)
    if not remaining:
        batches.close(batch)
    db.session.commit()


def _is_gone(fault: Fault) -> bool:
    return entry_for(fault).key == "inactive_reference"


def _settle(
    batch: PushBatch, item: dict[str, Any], task: SyncTask, shelf: Shelf, result: dict[str, Any] | Fault
) -> None:
    name = name_of(shelf.record(task), task.kind)
    if isinstance(result, Fault) and item["operation"] == "delete" and _is_gone(result):
        batches.remember(task, batch, item, "found")
        settling.succeed(batch, item, task, name, {"Id": item["body"]["Id"], "status": "Deleted"})
    elif isinstance(result, Fault):
        batches.remember(task, batch, item, "refused", result)
        settling.refuse(batch, task, name, result)
    elif item["operation"] == "create" or (item["operation"] == "void" and is_void(result)):
        batches.remember(task, batch, item, "found")
        settling.succeed(batch, item, task, name, result)
    else:
        batches.remember(task, batch, item, "reread")
        adoption.link(task, result, conflicts.of_unknown_outcome(item, result))
        outcomes.send_again(task, name)
