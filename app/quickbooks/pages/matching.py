"""Customers about whom a person is asked, both sides beside each other. Reads only, and asks QuickBooks nothing: it
shows the list as it was last read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from app.customers.models import Customer
from app.extensions import db
from app.quickbooks.catalogue.keys import DOUBTFUL, DOUBTFUL_CUSTOMERS
from app.quickbooks.kinds.records import Shelf
from app.quickbooks.matching import directory, screening
from app.quickbooks.matching.rules import Card, contradiction, reason
from app.quickbooks.models import Connection, RecordKind, SyncTask, TaskState
from app.quickbooks.models.answers import Question
from app.quickbooks.outbox.choices import suggested_name

AT_ONCE = 20
CONTRADICTS = "same name, but something contradicts"


@dataclass(frozen=True)
class Candidate:
    """One there that may be the same; of one that was entered since the list was read the name alone is known."""

    card: Card
    reason: str


@dataclass(frozen=True)
class Waiting:
    """A customer of ours about whom a person is asked; `suggested` is a name that QuickBooks would take."""

    task: SyncTask
    customer: Customer
    here: Card
    candidates: Sequence[Candidate]
    suggested: str

    @property
    def keeps_theirs(self) -> bool:
        """The same customer keeps what is written in QuickBooks."""
        return self.task.problem == DOUBTFUL


@dataclass(frozen=True)
class Group:
    """Those that wait for one reason; `single` of them have one candidate only."""

    problem: str
    told: str
    count: int
    single: int

    @property
    def reason(self) -> str:
        return self.told or CONTRADICTS


def who_waits(connection: Connection) -> Select[SyncTask]:
    """Their rows."""
    return select(SyncTask).where(
        SyncTask.connection_id == connection.id,
        SyncTask.kind == RecordKind.CUSTOMER,
        SyncTask.state == TaskState.ERROR,
        SyncTask.problem.in_(DOUBTFUL_CUSTOMERS),
    )


def groups(connection: Connection) -> list[Group]:
    """The commonest reason first."""
    told = SyncTask.question["told"].astext
    one = func.jsonb_array_length(SyncTask.question["ids"]) == 1
    rows = db.session.execute(
        who_waits(connection)
        .with_only_columns(SyncTask.problem, told, func.count(), func.count().filter(one))
        .group_by(SyncTask.problem, told)
        .order_by(func.count().desc(), SyncTask.problem, told)
    )
    return [Group(problem, why or "", count, single) for problem, why, count, single in rows]


def of_group(connection: Connection, problem: str, told: str) -> Select[SyncTask]:
    """The rows that wait for one reason."""
    same = func.coalesce(SyncTask.question["told"].astext, "") == told
    return who_waits(connection).where(SyncTask.problem == problem, same)


def waiting(connection: Connection) -> list[Waiting]:
    """Some. Equal reasons together."""
    return list(beside_theirs(connection, db.session.scalars(in_order(connection).limit(AT_ONCE)).all()))


def in_order(connection: Connection) -> Select[SyncTask]:
    told = SyncTask.question["told"].astext
    return who_waits(connection).order_by(SyncTask.problem, told, SyncTask.id)


def beside_theirs(connection: Connection, tasks: Sequence[SyncTask]) -> Iterator[Waiting]:
    """For rows of who_waits."""
    shelf = Shelf.load(connection.id, tasks)
    asked = [id_ for task in tasks for id_ in Question.from_json(task.question).ids]
    theirs = directory.cards(connection.id, asked)
    for task in tasks:
        if isinstance(customer := shelf.record(task), Customer):
            yield _waiting(task, customer, theirs)


def _waiting(task: SyncTask, customer: Customer, theirs: dict[str, Card]) -> Waiting:
    here, question = screening.card(customer), Question.from_json(task.question)
    candidates = []
    for id_ in question.ids:
        there = theirs.get(id_) or Card(id_, question.there)
        why = reason(here, there) if task.problem == DOUBTFUL else contradiction(here, there)
        candidates.append(Candidate(there, why or question.told))
    return Waiting(task, customer, here, candidates, suggested_name(task, customer.name))
