"""What a person may answer when QuickBooks has a name or a number already, or was changed there meanwhile: link the
two, use another name, use the same number all the same, overwrite.
"""

from dataclasses import dataclass

from app.quickbooks.catalogue.keys import (
    CHANGED,
    DIFFERENT,
    DOUBTFUL,
    DOUBTFUL_CUSTOMERS,
    ENTERED,
    GONE_THERE,
    REFUND_ENTERED,
    VOID_HERE,
)
from app.quickbooks.kinds import KINDS
from app.quickbooks.mapping import values
from app.quickbooks.models import RecordKind, SyncTask
from app.quickbooks.models.answers import Question

MAY_BE_ANOTHER = frozenset({"check_number_differs", REFUND_ENTERED})
MAY_LINK = MAY_BE_ANOTHER | DOUBTFUL_CUSTOMERS | {"doc_number_taken", "money_contradicts", VOID_HERE}
MAY_RENAME = DOUBTFUL_CUSTOMERS | {"name_taken_linked", "name_taken_by_other"}
MAY_REPEAT_NUMBER = frozenset(
    {"doc_number_taken", "doc_number_linked", "duplicate_number", "number_there_taken", VOID_HERE}
)
# A kind that is previewed shows both sides instead of these.
MAY_OVERWRITE = frozenset({CHANGED, ENTERED, DIFFERENT})
SUFFIX = " (Customer)"


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
