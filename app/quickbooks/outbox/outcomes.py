"""The ways a row's try can end, each with its words for the person who reads them.

All of these work on a row that the present transaction has locked; none commits.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.extensions import db, now
from app.quickbooks.catalogue import Entry, problem
from app.quickbooks.catalogue.keys import DOUBTFUL
from app.quickbooks.kinds.records import Shelf, name_of, name_of_row
from app.quickbooks.models import RecordKind, SyncTask, TaskState
from app.quickbooks.outbox import day_counts, policy, rows
from app.quickbooks.outbox.states import ASLEEP, ON_THE_WIRE, move

AT_ONCE = 500  # rows that wait for one are told of it, so that memory does not grow with them


def reach(task: SyncTask, version: int, wake: bool = True) -> None:
    """QuickBooks has the record in this version; one that was wanted meanwhile is sent next. What waits for it is
    woken, unless the caller does so for many at once.
    """
    done = task.wanted <= version
    task.reached = version
    task.attempts = task.fixes = 0
    _clear_words(task)
    task.batch_id = None
    if done:
        task.by_hand = False
        move(task, TaskState.SYNCED)
    else:
        task.due_at = now()
        move(task, TaskState.QUEUED)
    if wake:
        rows.release_waiting([task.id])


def differ(task: SyncTask, version: int, entry: Entry, name: str, **details: Any) -> None:
    """QuickBooks has the record, but not as it is here: shown, not swallowed."""
    task.reached = version
    rows.release_waiting([task.id])
    park(task, entry, name, **details)


def park(task: SyncTask, entry: Entry, name: str, waits_for: SyncTask | None = None, **details: Any) -> None:
    """A person has to act; an edit made meanwhile is a new intention and is tried at once."""
    task.batch_id = None
    _say(task, entry, name, **details)
    if task.wanted > task.sent and task.state in ON_THE_WIRE:
        task.due_at = now()
        move(task, TaskState.QUEUED)
        return
    _stop(task, waits_for)


def give_up(task: SyncTask, name: str) -> None:
    """Nobody can learn whether its last write arrived. An edit made meanwhile waits for a person too: tried at
    once, it would be stopped by the same look-up.
    """
    task.batch_id = None
    _say(task, problem("never_looked_up"), name)
    _stop(task)


def _stop(task: SyncTask, waits_for: SyncTask | None = None) -> None:
    task.waits_for_id = waits_for.id if waits_for else None
    task.failed_at = now()
    move(task, TaskState.ERROR)
    if waits_for is None:
        day_counts.note_failed(task)
    _park_what_waits(task)


def postpone(task: SyncTask, entry: Entry, name: str, decision: policy.Later, **details: Any) -> None:
    task.batch_id = None
    task.attempts += 1
    task.due_at = now() + decision.delay
    _say(task, entry, name, **details)
    move(task, TaskState.BACKOFF)


def try_again(task: SyncTask, entry: Entry | None = None, alone: bool = False) -> None:
    """Back into the queue, at once: `entry` is what to mend first; `alone` keeps it out of batches."""
    task.batch_id = None
    task.due_at = now()
    if entry or alone:
        task.fixes += 1
    task.problem = entry.key if entry else ""
    move(task, TaskState.QUEUED)


def skip(task: SyncTask, reason: str, by: str) -> None:
    """A person leaves it out, and what waits for it says so."""
    _say(task, problem("left_out"), name_of_row(task), by=by, detail=reason)
    task.question, task.waits_for_id = {}, None
    move(task, TaskState.SKIPPED)
    _park_what_waits(task)


def leave(task: SyncTask, rest: bool = False) -> None:
    """A person leaves it in QuickBooks as it is there; `rest`: what was not asked about is still to be sent."""
    _clear_words(task)
    task.question, task.waits_for_id, task.by_hand = {}, None, False
    if rest:
        try_again(task)
    else:
        move(task, TaskState.SYNCED)
        rows.release_waiting([task.id])


def what_is_missing(dependency: SyncTask) -> tuple[Entry, dict[str, str]]:
    """Why a row cannot go before this one: the entry and its details."""
    if dependency.kind is RecordKind.PAYMENT:  # one that is to leave an invoice (applied.py)
        key = "waits_for_payment"
    elif dependency.state is TaskState.SKIPPED:
        key = "needed_record_left_out"
    elif dependency.problem == DOUBTFUL:
        key = "needed_customer_doubtful"
    else:
        key = "needed_record_failed"
    return problem(key), {"needed": name_of_row(dependency)}


def send_again(task: SyncTask, name: str) -> None:
    """Its answer was lost, and sending it anew does no harm. The first time at once and alone; if that goes on, it
    may be this very record that QuickBooks chokes on, so then with pauses, and not for ever.
    """
    if not task.attempts:
        task.attempts = 1
        try_again(task)
        return
    entry = problem("no_answer")
    match policy.decide(entry, task.attempts, task.fixes):
        case policy.Later() as later:
            postpone(task, entry, name, later)
        case policy.Park(entry=verdict):
            park(task, verdict, name)


def read_later(task: SyncTask, name: str) -> None:
    """What has to be read first could not be: it is asked again later, for the same reason, and not for ever."""
    reason = task.problem
    match policy.decide(problem("no_answer"), task.attempts, task.fixes):
        case policy.Later(entry=entry) as later:
            postpone(task, entry, name, later)
            task.problem = reason
        case _:
            park(task, problem("never_read"), name)


def _say(task: SyncTask, entry: Entry, name: str, **details: Any) -> None:
    task.problem = entry.key
    task.message, task.remedy = entry.words(record=name, **details)


def _clear_words(task: SyncTask) -> None:
    task.problem = task.message = task.remedy = ""


def _park_what_waits(task: SyncTask) -> None:
    """Park every row that waits for this one, recursively. A row that needs a person already gets the new words."""
    ids = rows.lock_waiting([task.id])
    for start in range(0, len(ids), AT_ONCE):
        _park_these(task, ids[start : start + AT_ONCE])


def _park_these(task: SyncTask, ids: Sequence[int]) -> None:
    waiting = db.session.scalars(
        select(SyncTask)
        .where(SyncTask.id.in_(ids), SyncTask.state.in_((*ASLEEP, TaskState.ERROR)))
        .execution_options(populate_existing=True)
    ).all()
    shelf = Shelf.load(task.connection_id, waiting)
    entry, details = what_is_missing(task)
    for row in waiting:
        name = name_of(shelf.record(row), row.kind)
        if row.state is TaskState.ERROR:
            _say(row, entry, name, **details)
        else:
            park(row, entry, name, waits_for=task, **details)
