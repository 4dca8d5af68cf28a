"""What a person can answer when QuickBooks has a name or a number already, or was changed there meanwhile: link the
two, use another name, use the same number all the same, overwrite. Answers are kept on the row and survive retries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.accounts.models import Currency
from app.lib.money import shown
from app.quickbooks.models import RecordKind, SyncTask

MAY_LINK = frozenset({"name_taken_contradicts", "doc_number_taken"})
MAY_RENAME = frozenset({"name_taken_contradicts", "name_taken_linked", "name_taken_by_other"})
MAY_REPEAT_NUMBER = frozenset({"doc_number_taken", "doc_number_linked", "duplicate_number"})
# An invoice's row shows both sides instead of these (pages/preview.py).
MAY_OVERWRITE = frozenset({"changed_in_quickbooks", "different_there"})
MAY_RESTORE = frozenset({"payment_voided_there", "remote_deleted"})
SUFFIX = " (Customer)"


@dataclass(frozen=True)
class Choices:
    """What a row in error offers beyond Retry. `there` describes the QuickBooks record in a few words."""

    link: str
    there: str
    may_rename: bool
    may_repeat_number: bool
    may_overwrite: bool = False
    may_restore: bool = False
    seen: str = ""  # what may be overwritten (remembering.fingerprint)

    @property
    def may_leave(self) -> bool:
        """QuickBooks keeps what it has."""
        return self.may_overwrite or self.may_restore

    def __bool__(self) -> bool:
        return bool(self.link) or self.may_rename or self.may_repeat_number or self.may_leave


def question(problem: str, found: Sequence[dict[str, Any]]) -> dict[str, str]:
    """What to keep, for the person who is asked, of the QuickBooks records that are in the way."""
    first = found[0] if found else {}
    ids = ",".join(remote["Id"] for remote in found)
    return {"problem": problem, "id": first.get("Id", ""), "ids": ids, "there": _described(first)}


def choices(task: SyncTask) -> Choices:
    asked = task.question.get("problem", "")
    link = task.question.get("id", "") if asked in MAY_LINK else ""
    return Choices(
        link,
        task.question.get("there", ""),
        may_rename=asked in MAY_RENAME,
        may_repeat_number=task.problem in MAY_REPEAT_NUMBER,
        may_overwrite=task.problem in MAY_OVERWRITE and task.kind is not RecordKind.INVOICE,
        may_restore=task.problem in MAY_RESTORE and task.kind is not RecordKind.INVOICE,
        seen=task.question.get("seen", ""),
    )


def answer_link(task: SyncTask) -> None:
    """Take the QuickBooks record that was in the way for ours. Raises ValueError when that was not offered."""
    offered = choices(task).link
    if not offered:
        raise ValueError("This cannot be linked.")
    task.answer = {**task.answer, "link": offered}


def answer_name(task: SyncTask, name: str) -> None:
    """Call the customer so in QuickBooks, and leave the name here. Raises ValueError with a sentence."""
    if not choices(task).may_rename:
        raise ValueError("This has no other name in QuickBooks.")
    if not name.strip():
        raise ValueError("Write the name to use in QuickBooks.")
    if len(name.strip()) > 100:
        raise ValueError("QuickBooks takes names of up to 100 characters.")
    task.answer = {**task.answer, "name": name.strip()}


def answer_same_number(task: SyncTask) -> None:
    """Both keep the number: those that have it now are others. Raises ValueError when that was not offered."""
    if not choices(task).may_repeat_number:
        raise ValueError("This number was not in question.")
    asked_about = filter(None, task.question.get("ids", "").split(","))
    task.answer = {**task.answer, "others": ",".join([*others(task), *asked_about])}


def repeats_number(task: SyncTask) -> bool:
    return "others" in task.answer


def others(task: SyncTask) -> list[str]:
    """Ids of QuickBooks invoices with our number of which a person said that they are not ours."""
    return [id_ for id_ in task.answer.get("others", "").split(",") if id_]


def answer_overwrite(task: SyncTask, seen: str) -> None:
    """Overwrite what was `seen` in QuickBooks (remembering.fingerprint), and nothing newer. With nothing seen, send
    it all the same, and ask about whatever somebody changed there.
    """
    task.answer = {**task.answer, "overwrite": seen}


def answer_all(task: SyncTask) -> None:
    """Write all that differs there, and not only what changed here."""
    task.answer = {**task.answer, "all": "yes"}


def writes_all(task: SyncTask) -> bool:
    """Of an invoice people are shown all that differs."""
    return seen(task) is not None and (task.kind is RecordKind.INVOICE or "all" in task.answer)


def seen(task: SyncTask) -> str | None:
    """What a person wants overwritten; None when nobody said so."""
    return task.answer.get("overwrite")


def use_up(task: SyncTask) -> None:
    """After a push: what was overwritten once is asked about again the next time."""
    if "overwrite" in task.answer:
        task.answer = {key: value for key, value in task.answer.items() if key not in ("overwrite", "all")}


def _described(remote: dict[str, Any]) -> str:
    if "TotalAmt" in remote:
        amount = shown(remote["TotalAmt"], _symbol(remote))
        return f"{remote.get('DocNumber', '')}, {amount}, {remote['CustomerRef'].get('name', '')}"
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
