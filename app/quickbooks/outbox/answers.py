"""What a person can answer when QuickBooks has a name or a number already, or was changed there meanwhile: link the
two, use another name, use the same number all the same, overwrite. Answers are kept on the row and survive retries.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.accounts.models import Currency
from app.lib.money import shown
from app.quickbooks.catalogue.keys import (
    CHANGED,
    DIFFERENT,
    DOUBTFUL,
    DOUBTFUL_CUSTOMERS,
    ENTERED,
    GONE_THERE,
    REFUND_ENTERED,
)
from app.quickbooks.kinds import KINDS
from app.quickbooks.mapping import values
from app.quickbooks.models import RecordKind, SyncTask
from app.quickbooks.models.answers import Answer, Question

MAY_BE_ANOTHER = frozenset({"check_number_differs", REFUND_ENTERED})
MAY_LINK = MAY_BE_ANOTHER | DOUBTFUL_CUSTOMERS | {"doc_number_taken", "money_contradicts"}
MAY_RENAME = DOUBTFUL_CUSTOMERS | {"name_taken_linked", "name_taken_by_other"}
MAY_REPEAT_NUMBER = frozenset(
    {"doc_number_taken", "doc_number_linked", "duplicate_number", "number_there_taken"}
)
# A kind that is previewed shows both sides instead of these.
MAY_OVERWRITE = frozenset({CHANGED, ENTERED, DIFFERENT})
KEPT_AS_IT_IS = frozenset({DOUBTFUL, REFUND_ENTERED})
SUFFIX = " (Customer)"
NOTHING_SEEN = ""  # the fingerprint of nothing: whatever was changed there is asked about


@dataclass(frozen=True)
class Choices:
    """What a row in error offers beyond Retry. `there` describes the QuickBooks record in a few words."""

    link: str
    there: str
    may_rename: bool
    may_repeat_number: bool
    may_be_another: bool = False
    may_overwrite: bool = False
    may_restore: bool = False
    seen: str = ""  # what may be overwritten (mapping/fingerprint.py)

    @property
    def may_leave(self) -> bool:
        """QuickBooks keeps what it has."""
        return self.may_overwrite or self.may_restore

    def __bool__(self) -> bool:
        return bool(self.link) or self.may_rename or self.may_repeat_number or self.may_leave


def of(task: SyncTask) -> Answer:
    return Answer.from_json(task.answer)


def question_about(problem: str, found: Sequence[dict[str, Any]]) -> Question:
    """`found` are the QuickBooks records in the way."""
    there = _described(found[0]) if found else ""
    return Question(problem, tuple(remote["Id"] for remote in found), there)


def choices(task: SyncTask) -> Choices:
    question = Question.from_json(task.question)
    return Choices(
        link=question.ids[0] if question.ids and question.problem in MAY_LINK else "",
        there=question.there,
        may_rename=task.kind is RecordKind.CUSTOMER and question.problem in MAY_RENAME,
        may_repeat_number=task.problem in MAY_REPEAT_NUMBER,
        may_be_another=task.problem in MAY_BE_ANOTHER,
        may_overwrite=task.problem in MAY_OVERWRITE and not KINDS[task.kind].is_previewed,
        may_restore=task.problem in GONE_THERE and not KINDS[task.kind].is_previewed,
        seen=question.seen,
    )


def suggested_name(task: SyncTask, name: str) -> str:
    """A name that QuickBooks would take for a customer of ours: its own where it is free there."""
    is_free = Question.from_json(task.question).problem == DOUBTFUL
    return values.name(name) if is_free else name_beside(name)


def name_beside(name: str) -> str:
    """A name that QuickBooks would take beside this one, which may be twice as long as what it takes."""
    return f"{values.name(name, values.NAME_LIMIT - len(SUFFIX))}{SUFFIX}"


def answer_link(task: SyncTask, remote_id: str = "") -> None:
    """Take the QuickBooks record that was in the way for ours; of several the one of that Id. A customer that has
    another name, and a refund, keep what is written there. Raises ValueError when that was not offered.
    """
    offered, question = choices(task).link, Question.from_json(task.question)
    if not offered or (remote_id and remote_id not in question.ids):
        raise ValueError("This cannot be linked.")
    link = remote_id or offered
    others = tuple(id_ for id_ in of(task).others if id_ != link)
    _keep(task, link=link, keeps=question.problem in KEPT_AS_IT_IS, others=others)


def record_again(task: SyncTask, remote_id: str) -> None:
    """The void payment there is not the one that is to be made."""
    _keep(task, others=(*of(task).others, remote_id))


def forget_link(task: SyncTask) -> None:
    """What it was to be linked with is not there any more."""
    if of(task).link:
        _keep(task, link="", keeps=False)


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


def _described(remote: dict[str, Any]) -> str:
    if "TotalAmt" in remote:
        amount = shown(remote["TotalAmt"], _symbol(remote))
        number = remote.get("DocNumber") or remote.get("PaymentRefNum")
        return ", ".join(filter(None, (number, amount, remote.get("CustomerRef", {}).get("name", ""))))
    parts = (
        remote.get("DisplayName", ""),
        remote.get("PrimaryEmailAddr", {}).get("Address", ""),
        remote.get("PrimaryPhone", {}).get("FreeFormNumber", ""),
        remote.get("BillAddr", {}).get("Line1", ""),
    )
    return ", ".join(part for part in parts if part)


def _symbol(remote: dict[str, Any]) -> str:
    """QuickBooks knows more currencies than a company of ours can have."""
    code = remote.get("CurrencyRef", {}).get("value", Currency.USD)
    return Currency(code).symbol if code in list(Currency) else f"{code} "
