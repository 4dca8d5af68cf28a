"""Customers of both sides beside each other: who waits for an answer, who is linked, who is twice over there. Reads
only, and asks QuickBooks nothing: what is shown of it is its list as it was last read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from app.customers.models import Customer
from app.extensions import db
from app.invoices.models import Invoice
from app.quickbooks.kinds.records import Shelf, of_record
from app.quickbooks.mapping import values
from app.quickbooks.matching import directory, screening
from app.quickbooks.matching.rules import MANY, Card, contradiction, reason
from app.quickbooks.models import Connection, RecordKind, RemoteCustomer, RemoteLink, SyncTask, TaskState
from app.quickbooks.models.answers import Question
from app.quickbooks.outbox import answers
from app.quickbooks.outbox.answers import DOUBTFUL

AT_ONCE = 20
ASKS = (DOUBTFUL, "name_taken_contradicts")
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


@dataclass(frozen=True)
class Linked:
    """A customer of ours that QuickBooks had already."""

    customer: Customer
    there: Card
    since: datetime


@dataclass(frozen=True)
class Unlinking:
    """What taking a customer and its record in QuickBooks apart means; `invoices` are there under that record."""

    customer: Customer
    there: str
    invoices: int
    suggested: str


@dataclass(frozen=True)
class Twins:
    """Two customers of QuickBooks that look like one."""

    one: Card
    other: Card
    reason: str


def who_waits(connection: Connection) -> Select[SyncTask]:
    """Their rows."""
    return select(SyncTask).where(
        SyncTask.connection_id == connection.id,
        SyncTask.kind == RecordKind.CUSTOMER,
        SyncTask.state == TaskState.ERROR,
        SyncTask.problem.in_(ASKS),
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


def waiting(connection: Connection, limit: int | None = AT_ONCE) -> list[Waiting]:
    """Equal reasons together."""
    told = SyncTask.question["told"].astext
    tasks = db.session.scalars(
        who_waits(connection).order_by(SyncTask.problem, told, SyncTask.id).limit(limit)
    ).all()
    shelf = Shelf.load(connection.id, tasks)
    asked = [id_ for task in tasks for id_ in Question.from_json(task.question).ids]
    theirs = cards(connection, asked)
    return [
        _waiting(task, customer, theirs)
        for task in tasks
        if isinstance(customer := shelf.record(task), Customer)
    ]


def _waiting(task: SyncTask, customer: Customer, theirs: dict[str, Card]) -> Waiting:
    here, question = screening.card(customer), Question.from_json(task.question)
    candidates = []
    for id_ in question.ids:
        there = theirs.get(id_) or Card(id_, question.there)
        why = reason(here, there) if task.problem == DOUBTFUL else contradiction(here, there)
        candidates.append(Candidate(there, why or question.told))
    return Waiting(task, customer, here, candidates, answers.suggested_name(task, customer.name))


def linked(connection: Connection) -> Select[RemoteLink]:
    """Links of our customers with some that QuickBooks had before."""
    there = (RemoteCustomer.connection_id == RemoteLink.connection_id) & (
        RemoteCustomer.remote_id == RemoteLink.remote_id
    )
    return (
        select(RemoteLink)
        .join(RemoteCustomer, there)
        .where(RemoteLink.connection_id == connection.id, RemoteLink.kind == RecordKind.CUSTOMER)
    )


def sides_of(connection: Connection, links: Sequence[RemoteLink]) -> list[Linked]:
    """Both sides of each; what is linked shows what QuickBooks had before."""
    theirs = cards(connection, [link.remote_id for link in links])
    ids = [link.record_id for link in links]
    ours = {one.id: one for one in db.session.scalars(select(Customer).where(Customer.id.in_(ids)))}
    return [
        Linked(ours[link.record_id], theirs[link.remote_id], link.linked_at)
        for link in links
        if link.record_id in ours
    ]


def unlinking(connection: Connection, customer: Customer, link: RemoteLink) -> Unlinking:
    there = str(link.memory.seen.get("DisplayName", "")) or customer.name
    invoices = (
        select(func.count())
        .select_from(RemoteLink)
        .join(Invoice, of_record(RemoteLink, connection, RecordKind.INVOICE, Invoice.id))
        .where(Invoice.company_id == connection.company_id, Invoice.customer_id == customer.id)
    )
    is_taken = values.customer_key(there) == values.customer_key(customer.name)
    suggested = f"{customer.name}{answers.SUFFIX}" if is_taken else customer.name
    return Unlinking(customer, there, db.session.scalar(invoices) or 0, suggested)


def twins(connection: Connection, limit: int | None = AT_ONCE) -> list[Twins]:
    """QuickBooks' own customers that share an e-mail, a phone or an address and look like one; some of them."""
    found: dict[tuple[str, str], Twins] = {}
    for key in (RemoteCustomer.email_key, RemoteCustomer.phone_key, RemoteCustomer.address_key):
        for ids in _sharing(connection, key, limit):
            for pair in _pairs(list(cards(connection, ids).values())):
                found.setdefault((pair.one.id, pair.other.id), pair)
    return list(found.values())[:limit]


def _sharing(connection: Connection, key: Any, limit: int | None) -> Iterable[Sequence[str]]:
    """The Ids of those that have the same."""
    query: Select[Sequence[str]] = (
        select(func.array_agg(RemoteCustomer.remote_id))
        .where(RemoteCustomer.connection_id == connection.id, key != "", RemoteCustomer.is_active)
        .group_by(key)
        .having(func.count().between(2, MANY))
        .order_by(key)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def _pairs(cards: Sequence[Card]) -> Iterator[Twins]:
    ordered = sorted(cards, key=lambda one: one.id)
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 :]:
            if why := reason(one, other):
                yield Twins(one, other, why)


def cards(connection: Connection, ids: Iterable[str]) -> dict[str, Card]:
    rows = db.session.scalars(
        select(RemoteCustomer).where(
            RemoteCustomer.connection_id == connection.id, RemoteCustomer.remote_id.in_(set(ids))
        )
    )
    return {row.remote_id: directory.card(row) for row in rows}
