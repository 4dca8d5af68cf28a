"""What would become of each record, read from its row of the outbox before all is rolled back."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.quickbooks.catalogue import problem
from app.quickbooks.kinds.needs import Key
from app.quickbooks.kinds.records import Shelf, name_of
from app.quickbooks.lane.repairs import MENDED
from app.quickbooks.models import SyncTask, TaskState
from app.quickbooks.rehearsal.models import Fate


@dataclass(frozen=True)
class Foreseen:
    """What would become of one record."""

    key: Key
    name: str
    amount: Any
    fate: Fate
    problem: str = ""
    message: str = ""
    remedy: str = ""


def of_rows(connection_id: int, tasks: Iterable[SyncTask]) -> list[Foreseen]:
    """Without those that a person left out."""
    listed = [task for task in tasks if task.state is not TaskState.SKIPPED]
    shelf = Shelf.load(connection_id, listed)
    return [_of_row(task, shelf.record(task)) for task in listed]


def unforeseen(key: Key) -> Foreseen:
    """Of what the rehearsal itself broke at."""
    name = name_of(None, key[0])
    message, remedy = problem("unforeseen").words(record=name)
    return Foreseen(key, name, None, Fate.WAITS, "unforeseen", message, remedy)


def _of_row(task: SyncTask, record: Any) -> Foreseen:
    fate = _fate(task)
    return Foreseen(
        (task.kind, task.record_id),
        name_of(record, task.kind),
        getattr(record, "counted_total", getattr(record, "amount", None)),
        fate,
        task.problem if fate is not Fate.GOES else "",
        task.message if fate is Fate.WAITS else "",
        task.remedy if fate is Fate.WAITS else "",
    )


def _fate(task: SyncTask) -> Fate:
    if task.state is TaskState.ERROR:
        return Fate.WAITS
    return Fate.READ_FIRST if task.problem in MENDED else Fate.GOES
