"""Answers have come: each row is settled on its own part of them, all in one transaction and in few statements."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from app.extensions import db, now
from app.quickbooks import outbox
from app.quickbooks.account import company, standstill
from app.quickbooks.api.client import BatchAnswer
from app.quickbooks.api.errors import Fault, leaves_doubt
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.catalogue import entry_for, problem
from app.quickbooks.catalogue.keys import COMPANY_RESET
from app.quickbooks.kinds import KINDS
from app.quickbooks.kinds.records import name_of_row
from app.quickbooks.lane import adoption, batches, unapplied
from app.quickbooks.lane.fences import RowFence, row_by_row
from app.quickbooks.mapping import remembering
from app.quickbooks.models import AttemptOutcome, PushBatch, RecordKind, SyncTask, TaskState
from app.quickbooks.models.batch_items import BatchItem
from app.quickbooks.models.memory import Memory
from app.quickbooks.outbox import answers, day_counts, money_records, outcomes, policy
from app.quickbooks.outbox.states import move

log = logging.getLogger(__name__)

DUPLICATE_NUMBER = "duplicate_number"  # 6140
NUMBER = "DocNumber"
FIRST_CHECK = timedelta(seconds=2)
COMPANY_WIDE = (policy.PauseLane, policy.AskToReconnect)


@dataclass(frozen=True)
class Answered:
    """A row of a batch, locked, and what the answer says of it: a record, a fault, or nothing."""

    batch: PushBatch
    item: BatchItem
    task: SyncTask
    result: RemoteRecord | Fault | None
    answer: BatchAnswer


def settle(answers: Mapping[int, BatchAnswer]) -> None:
    """Settle every row that the answers speak of, by the ids of their batches, which belong to one connection; the
    others go to `checking`. Commits.
    """
    row_by_row(lambda fence: _settle(answers, fence))


def _settle(answers: Mapping[int, BatchAnswer], fence: RowFence) -> None:
    opened = batches.lock_all_open(answers)
    tasks = batches.lock_rows(*opened)
    answered = [
        Answered(batch, item, tasks[item.task_id], answers[batch.id].by_bid.get(item.bid), answers[batch.id])
        for batch in opened
        for item in batch.items
        if item.task_id in tasks
    ]
    done = [(each.task, each.result["Id"]) for each in answered if isinstance(each.result, dict)]
    links = adoption.Links.of(done)
    for each in answered:
        with fence.around(each.task):
            _settle_row(each, links)
    links.balances_moved()
    outbox.release_waiting([each.task.id for each in answered if has_arrived(each.item, each.task)])
    left_open = {each.batch.id for each in answered if is_open(each.result)}
    for batch in opened:
        if batch.id in left_open:
            batch.check_at = now() + FIRST_CHECK
        else:
            batches.close(batch)
    if opened:
        follow_up(opened[0].connection_id, tasks.values(), fence)
        batches.note_answer(opened[0].connection_id, _is_no_reset(answered))
    db.session.commit()


def _is_no_reset(answered: Iterable[Answered]) -> bool:
    """QuickBooks took a change of something linked. A create is also taken where nothing linked is left."""
    refused = {entry_for(each.result).key for each in answered if isinstance(each.result, Fault)}
    taken = {each.item.operation for each in answered if isinstance(each.result, dict)}
    return COMPANY_RESET not in refused and bool(taken - {"create"})


def succeed(item: BatchItem, task: SyncTask, remote: RemoteRecord, links: adoption.Links) -> None:
    """QuickBooks holds the record: link it, and compare its total with ours. The caller wakes what waits for it
    (release_waiting) and goes on with links.balances_moved.
    """
    if links.is_anothers(task, remote["Id"]):
        key, details = KINDS[task.kind].taken(task.connection_id, remote["Id"])
        outcomes.park(task, problem(key), name_of_row(task), **details)
        return
    link = links.take(task, remote, partial(_confirmed, task=task, item=item, remote=remote))
    answers.use_up(task)
    link.pushed_at = item.read_at
    day_counts.note_sent(task, item.version)
    if disagreement := KINDS[task.kind].disagreement(item.body, item.total, remote):
        key, details = disagreement
        entry = problem(key)
        if key == unapplied.NOT_APPLIED and policy.is_again(entry, task.attempts, task.fixes):
            outcomes.try_again(task, entry)
            return
        outcomes.differ(task, item.version, entry, name_of_row(task), **details)
    elif item.void_next:
        outcomes.try_again(task)
    else:
        outcomes.reach(task, item.version, wake=False)


def has_arrived(item: BatchItem, task: SyncTask) -> bool:
    """Settled: QuickBooks has it as it is here, or as it was when it was sent."""
    return task.state in (TaskState.SYNCED, TaskState.QUEUED) and task.reached == item.version


def _confirmed(memory: Memory, task: SyncTask, item: BatchItem, remote: RemoteRecord) -> Memory:
    if item.operation in ("void", "delete"):
        return remembering.end(memory, task.kind, remote)
    confirmed = remembering.confirm(memory, task.kind, item.body if item.ours is None else item.ours, remote)
    untaken = KINDS[task.kind].untaken(item.body, remote)
    return remembering.undone_by_us(confirmed, untaken) if untaken else confirmed


def is_open(result: RemoteRecord | Fault | None) -> bool:
    """Nothing said of an item, or that QuickBooks had an error of its own with it: it may have been done."""
    return result is None or (isinstance(result, Fault) and leaves_doubt(result))


def leave_open(
    batch: PushBatch, item: BatchItem, task: SyncTask, fault: Fault | None = None, tid: str = ""
) -> None:
    batches.note_attempt(task, batch, item, AttemptOutcome.UNKNOWN, fault, tid)
    if task.state is TaskState.SENDING:
        move(task, TaskState.CHECKING)


def _settle_row(each: Answered, links: adoption.Links) -> None:
    batch, item, task, tid = each.batch, each.item, each.task, each.answer.intuit_tid
    match each.result:
        case None:
            leave_open(batch, item, task, tid=tid)
        case Fault() as fault if leaves_doubt(fault):
            leave_open(batch, item, task, fault, tid)
        case Fault() as fault:
            batches.note_attempt(task, batch, item, AttemptOutcome.REFUSED, fault, tid)
            refuse(batch, item, task, name_of_row(task), fault)
        case remote:
            batches.note_attempt(task, batch, item, AttemptOutcome.ACCEPTED, tid=tid)
            succeed(item, task, remote, links)


def refuse(batch: PushBatch, item: BatchItem, task: SyncTask, name: str, fault: Fault) -> None:
    entry = entry_for(fault)
    if entry.key == DUPLICATE_NUMBER:
        company.note_refused_number(batch.connection_id)
        if item.operation == "update" and NUMBER not in item.body:
            entry = problem("number_there_taken")
    details: dict[str, Any] = {"detail": fault.detail or fault.message, "element": fault.element}
    match policy.decide(entry, task.attempts, task.fixes):
        case policy.Again():
            outcomes.try_again(task, entry)
        case policy.Later() as later:
            outcomes.postpone(task, entry, name, later, **details)
        case policy.Park(entry=verdict):
            outcomes.park(task, verdict, name, **details)
        case company_trouble:
            outcomes.try_again(task)
            apply_to_company(batch.connection_id, company_trouble)


def apply_to_company(connection_id: int, decision: policy.Decision) -> None:
    match decision:
        case policy.PauseLane(code=code, delay=delay):
            standstill.pause(connection_id, code, now() + delay)
        case policy.AskToReconnect(entry=entry):
            standstill.ask_to_reconnect(connection_id, entry.key)


def follow_up(connection_id: int, tasks: Iterable[SyncTask], fence: RowFence) -> None:
    """What had to wait for these to arrive."""
    invoices = [task for task in tasks if task.kind is RecordKind.INVOICE]
    for group in fence.groups(invoices):
        with fence.around(group[0]):
            money_records.follow(connection_id, [task.record_id for task in group])
