"""What a person can answer when QuickBooks has a name or a number already: link the two, or use another name."""

from dataclasses import dataclass
from typing import Any

from app.quickbooks.mapping.invoice import invoice_snapshot
from app.quickbooks.models import SyncTask

MAY_LINK = frozenset({"name_taken_contradicts", "doc_number_taken"})
MAY_RENAME = frozenset({"name_taken_contradicts", "name_taken_linked", "name_taken_by_other"})
SUFFIX = " (Customer)"


@dataclass(frozen=True)
class Choices:
    """What a row in error offers beyond Retry. `there` describes the QuickBooks record in a few words."""

    link: str
    there: str
    may_rename: bool

    def __bool__(self) -> bool:
        return bool(self.link) or self.may_rename


def question(problem: str, remote: dict[str, Any]) -> dict[str, str]:
    """What to keep of the QuickBooks record for the person who is asked."""
    return {"problem": problem, "id": remote.get("Id", ""), "there": _described(remote)}


def choices(task: SyncTask) -> Choices:
    asked = task.question.get("problem", "")
    link = task.question.get("id", "") if asked in MAY_LINK else ""
    return Choices(link, task.question.get("there", ""), asked in MAY_RENAME)


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


def _described(remote: dict[str, Any]) -> str:
    if "TotalAmt" in remote:
        shown = invoice_snapshot(remote)
        return f"{shown['doc_number']}, ${shown['total']:,.2f}, {remote['CustomerRef'].get('name', '')}"
    parts = (
        remote.get("DisplayName", ""),
        remote.get("PrimaryEmailAddr", {}).get("Address", ""),
        remote.get("PrimaryPhone", {}).get("FreeFormNumber", ""),
        remote.get("BillAddr", {}).get("Line1", ""),
    )
    return ", ".join(part for part in parts if part)
