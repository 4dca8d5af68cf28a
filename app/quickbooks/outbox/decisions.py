"""What a person decides about a row, other than to send it; each is part of the row's history. None commits."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Select, insert, literal

from app.extensions import db, now
from app.quickbooks.catalogue import problem
from app.quickbooks.catalogue.keys import DIFFERS_THERE, GONE_THERE
from app.quickbooks.mapping import remembering
from app.quickbooks.models import AttemptOutcome, RecordKind, RemoteLink, SyncAttempt, SyncTask, TaskState
from app.quickbooks.models.differences import Aspect, Difference, in_words, includes
from app.quickbooks.models.left_different import LeftDifferent
from app.quickbooks.outbox import answers, outcomes, rows
from app.quickbooks.outbox.nudge import nudge_after_commit


def leave_out(task: SyncTask, reason: str, by: str) -> None:
    """Nothing is sent for it until somebody takes it back."""
    outcomes.skip(task, reason, by)
    _note(task, "leave out", AttemptOutcome.LEFT_OUT, task.message)


def leave_out_never_sent(
    connection_id: int, records: Select[int], reason: str, by: str, kind: RecordKind = RecordKind.INVOICE
) -> int:
    """Records that no row stands for, in two statements whatever their number; returns how many."""
    entry = problem("left_out")
    message, remedy = entry.words(by=by, detail=reason)
    ids = rows.add_resting(
        kind,
        records.with_only_columns(literal(connection_id), *records.selected_columns),
        TaskState.SKIPPED,
        problem=entry.key,
        message=message,
        remedy=remedy,
    )
    told = {
        "at": now(),
        "version": 1,
        "operation": "leave out",
        "outcome": AttemptOutcome.LEFT_OUT,
        "detail": message,
    }
    if ids:
        db.session.execute(insert(SyncAttempt), [{"task_id": id_, **told} for id_ in ids])
    return len(ids)


def note_link(task: SyncTask, by: str) -> None:
    """It was in QuickBooks already, and nothing is sent."""
    _note(task, "link", AttemptOutcome.LINKED, f"By {by}: it was in QuickBooks already.")


def end_leave_out(task: SyncTask, by: str) -> None:
    """For the history; queueing it by hand is what ends the skip (outbox.queue)."""
    _note(task, "take back", AttemptOutcome.TAKEN_BACK, f"By {by}.")


def leave_different(
    task: SyncTask | None, link: RemoteLink, differences: Sequence[Difference], by: str
) -> None:
    """QuickBooks keeps what somebody changed there; what else was changed here is sent now. The next edit of the
    same says so again, or makes the two agree.
    """
    was_asked = bool(link.memory.asked)
    link.left_different = LeftDifferent(by, now(), tuple(differences)).to_json()
    link.memory = remembering.leave(link.memory)
    if includes(differences, Aspect.GONE):  # nobody has to look whether it is there
        link.memory = replace(link.memory, in_doubt=False)
    if task is None:
        return
    if task.state in (TaskState.ERROR, TaskState.BACKOFF):
        is_settled = task.problem in DIFFERS_THERE | GONE_THERE and not was_asked
        answers.use_up(task)  # a colleague's consent to overwrite it, which has not been done yet
        outcomes.leave(task, rest=task.wanted > task.reached and not is_settled)
        nudge_after_commit(task.connection_id)
    _note(task, "compare", AttemptOutcome.LEFT_DIFFERENT, f"By {by}: {in_words(differences)}.")


def _note(task: SyncTask, operation: str, outcome: AttemptOutcome, detail: str) -> None:
    db.session.add(
        SyncAttempt(
            task_id=task.id,
            at=now(),
            version=task.wanted,
            operation=operation,
            outcome=outcome,
            detail=detail,
        )
    )
