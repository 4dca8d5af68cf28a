"""Somebody changed in QuickBooks what a push is about to overwrite: then a person is asked first."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.quickbooks.catalogue import problem
from app.quickbooks.catalogue.keys import CHANGED, DIFFERENT, ENTERED, TOTAL_DIFFERS
from app.quickbooks.kinds import KINDS, Record
from app.quickbooks.kinds.records import name_of
from app.quickbooks.lane.repairs import STALE
from app.quickbooks.mapping import drift, fingerprint, remembering
from app.quickbooks.mapping.fields import TOTAL
from app.quickbooks.mapping.updates import AskFirst, Consent
from app.quickbooks.models import RemoteLink, SyncTask
from app.quickbooks.models.answers import Question
from app.quickbooks.models.batch_items import BatchItem
from app.quickbooks.models.memory import Memory
from app.quickbooks.outbox import answers, outcomes


def consent(task: SyncTask, link: RemoteLink | None) -> Consent:
    """What a person has allowed so far. Of an invoice they are shown all that differs, so all of it is written."""
    seen = answers.seen(task)
    said = answers.of(task)
    is_linked = link is not None and link.memory.is_new and said.link == link.remote_id and not said.keeps
    return Consent(seen, everything=answers.writes_all(task), linked=is_linked)


def must_be_read(task: SyncTask, link: RemoteLink, allowed: Consent) -> bool:
    """It may be gone; or everything is to be written, over something else than what we last saw there."""
    is_news = allowed.everything and allowed.seen != fingerprint.of(link.memory, task.kind)
    return (link.memory.in_doubt or is_news) and not task.fixes


def ask(task: SyncTask, record: Record, asked: AskFirst, link: RemoteLink | None) -> None:
    """Read it anew first, so that what the row says is true; then say what is different there and wait."""
    if link is None:
        return
    if not task.fixes:
        outcomes.try_again(task, problem(STALE))
        return
    link.memory = replace(link.memory, asked=asked.ours)
    changes = drift.in_one_phrase(asked.changes, task.kind, KINDS[task.kind].symbol(record))
    seen = fingerprint.of(link.memory, task.kind)
    names = {change.field for change in asked.changes}
    why = ENTERED if (names - {TOTAL} or names) <= link.memory.entered else CHANGED
    task.question = Question(why, seen=seen, told=changes).to_json()
    answers.use_up(task)
    outcomes.park(task, problem(why), name_of(record, task.kind), changes=changes)


def nothing_to_send(task: SyncTask, record: Record, link: RemoteLink | None) -> None:
    """QuickBooks has it as it is here, as far as it is ours; what is different all the same is said, also what a
    check said before the row was queued.
    """
    answers.use_up(task)
    kind = KINDS[task.kind]
    compared = link if link and not link.left_different else None
    here = kind.total_there(record)
    shows = compared.memory.total if compared else None
    if here is not None and shows is not None and shows != here:
        name = name_of(record, task.kind)
        outcomes.differ(task, task.wanted, problem(TOTAL_DIFFERS), name, here=here, there=shows)
    elif compared and (found := kind.differences(record, compared, task.connection)):
        question = Question.about(DIFFERENT, found, fingerprint.of(compared.memory, task.kind))
        name = name_of(record, task.kind)
        outcomes.differ(task, task.wanted, problem(DIFFERENT), name, changes=question.told)
        task.question = question.to_json()
    else:
        outcomes.reach(task, task.wanted)


def of_unknown_outcome(item: BatchItem, remote: dict[str, Any]) -> Callable[[Memory], Memory]:
    """What to remember of a record that was read after the answer to our update, void or deletion was lost."""
    versions = int(remote["SyncToken"]) - int(item.body["SyncToken"])
    ours = item.ours or {} if item.operation == "update" else {}

    def remember(memory: Memory) -> Memory:
        if not ours:
            return remembering.learn(memory, item.kind, remote, moved=versions > 0)
        return remembering.after_lost_answer(memory, item.kind, ours, remote, versions)

    return remember
