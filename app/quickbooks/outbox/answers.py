"""What a person has answered (choices.py) is kept on the row and survives retries."""

from dataclasses import replace
from typing import Any

from app.quickbooks.catalogue.keys import DOUBTFUL, REFUND_ENTERED, VOID_HERE
from app.quickbooks.kinds import KINDS
from app.quickbooks.mapping import values
from app.quickbooks.models import SyncTask
from app.quickbooks.models.answers import Answer, Question
from app.quickbooks.outbox.choices import choices

KEPT_AS_IT_IS = frozenset({DOUBTFUL, REFUND_ENTERED})
NOTHING_SEEN = ""  # the fingerprint of nothing: whatever was changed there is asked about


def of(task: SyncTask) -> Answer:
    return Answer.from_json(task.answer)


def answer_link(task: SyncTask, remote_id: str = "") -> None:
    """Take the QuickBooks record that was in the way for ours; of several the one of that Id. A customer that has
    another name, and a refund, keep what is written there. Raises ValueError when that was not offered.
    """
    offered, question = choices(task).link, Question.from_json(task.question)
    if not offered or (remote_id and remote_id not in question.ids):
        raise ValueError("This cannot be linked.")
    link = remote_id or offered
    others = tuple(id_ for id_ in of(task).others if id_ != link)
    keeps, ends = question.problem in KEPT_AS_IT_IS, question.problem == VOID_HERE
    _keep(task, link=link, keeps=keeps, ends=ends, others=others)


def record_again(task: SyncTask, remote_id: str) -> None:
    """The void payment there is not the one that is to be made."""
    _keep(task, others=(*of(task).others, remote_id))


def forget_link(task: SyncTask) -> None:
    """What it was to be linked with is not there any more."""
    if of(task).link:
        _keep(task, link="", keeps=False, ends=False)


def answer_name(task: SyncTask, name: str, name_here: str) -> None:
    """Call the customer so in QuickBooks, and leave the name here; until it gets another one here. Those that were
    asked about though they have another name are others.

    Raises ValueError with a sentence.
    """
    if not choices(task).may_rename:
        raise ValueError("This has no other name in QuickBooks.")
    asked = Question.from_json(task.question)
    _keep(task, name=_checked(name), name_for=name_here)
    if asked.problem == DOUBTFUL:
        _keep(task, others=(*of(task).others, *asked.ids))


def set_apart(task: SyncTask, remote_id: str, name: str, name_here: str) -> None:
    """It is not the one that it was linked to, and has this name there. Raises ValueError with a sentence."""
    others = (*of(task).others, remote_id)
    _keep(task, link="", keeps=False, name=_checked(name), name_for=name_here, others=others)


def _checked(name: str) -> str:
    """Raises ValueError with a sentence."""
    if not name.strip():
        raise ValueError("Write the name to use in QuickBooks.")
    if len(name.strip()) > values.NAME_LIMIT:
        raise ValueError(f"QuickBooks takes names of up to {values.NAME_LIMIT} characters.")
    return name.strip()


def answer_same_number(task: SyncTask) -> None:
    """Both keep the number: those that have it now are others. Raises ValueError when that was not offered."""
    if not choices(task).may_repeat_number:
        raise ValueError("This number was not in question.")
    asked_about = Question.from_json(task.question).ids
    _keep(task, others=(*of(task).others, *asked_about), repeats_number=True)


def may_have_its_number(task: SyncTask) -> int:
    """How many invoices there may have its number: more than one where a person said that all keep it."""
    answer = of(task)
    return max(2, 1 + len(answer.others)) if answer.repeats_number else 1


def answer_another(task: SyncTask) -> None:
    """Those that look like it are others. Raises ValueError when that was not offered."""
    if not choices(task).may_be_another:
        raise ValueError("Nothing else was in question.")
    _keep(task, others=(*of(task).others, *Question.from_json(task.question).ids))


def answer_overwrite(task: SyncTask, seen: str) -> None:
    """Overwrite what was `seen` in QuickBooks (mapping/fingerprint.py), and nothing newer. With nothing seen, send
    it all the same, and ask about whatever somebody changed there.
    """
    _keep(task, overwrite=seen)


def answer_all(task: SyncTask) -> None:
    """Write all that differs there, and not only what changed here."""
    _keep(task, writes_all=True)


def writes_all(task: SyncTask) -> bool:
    """Where people are shown both sides, they see all that differs."""
    return seen(task) is not None and (KINDS[task.kind].is_previewed or of(task).writes_all)


def seen(task: SyncTask) -> str | None:
    """What a person wants overwritten; None when nobody said so."""
    return of(task).overwrite


def use_up(task: SyncTask) -> None:
    """After a push: what was overwritten once is asked about again the next time."""
    if of(task).overwrite is not None:
        _keep(task, overwrite=None, writes_all=False)


def _keep(task: SyncTask, **changes: Any) -> None:
    task.answer = replace(of(task), **changes).to_json()
