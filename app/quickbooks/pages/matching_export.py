"""Every pair of customers as a spreadsheet has it: who waits, is linked, is another, or is twice over there."""

from collections.abc import Iterator

from sqlalchemy import select

from app.customers.models import Customer
from app.extensions import db
from app.quickbooks.kinds.records import Shelf
from app.quickbooks.matching import directory, screening
from app.quickbooks.matching.rules import Card
from app.quickbooks.models import Connection, RecordKind, RemoteLink, SyncTask
from app.quickbooks.outbox import answers
from app.quickbooks.pages import matched, matching, twins
from app.web.csv_download import Cell, read_in_pieces

_SIDE = ("Name", "E-mail", "Phone", "Street", "City")
HEADER = (
    "What",
    "Why",
    *(f"{column} here" for column in _SIDE),
    *(f"{column} in QuickBooks" for column in _SIDE),
    "Id in QuickBooks",
)
AT_ONCE = 500


def rows(connection: Connection) -> Iterator[list[Cell]]:
    for piece in read_in_pieces(matching.in_order(connection)):
        for one in matching.beside_theirs(connection, piece):
            for candidate in one.candidates:
                yield _row("Waits for an answer", candidate.reason, one.here, candidate.card)
    yield from _linked(connection)
    yield from _set_apart(connection)
    for pair in twins.all_twins(connection):
        yield _row("Two in QuickBooks", pair.reason, pair.one, pair.other)


def _linked(connection: Connection) -> Iterator[list[Cell]]:
    last = 0
    some = matched.linked(connection).order_by(RemoteLink.id).limit(AT_ONCE)
    while links := db.session.scalars(some.where(RemoteLink.id > last)).all():
        last = links[-1].id
        for pair in matched.sides_of(connection, links):
            yield _row("Linked", "", screening.card(pair.customer), pair.there)


def _set_apart(connection: Connection) -> Iterator[list[Cell]]:
    """Of whom somebody said that they are others."""
    query = select(SyncTask).where(
        SyncTask.connection_id == connection.id,
        SyncTask.kind == RecordKind.CUSTOMER,
        SyncTask.answer["others"].astext.not_in(("", "[]")),
    )
    for tasks in read_in_pieces(query.order_by(SyncTask.id)):
        shelf = Shelf.load(connection.id, tasks)
        others = directory.cards(connection.id, [id_ for task in tasks for id_ in answers.of(task).others])
        for task in tasks:
            customer = shelf.record(task)
            if isinstance(customer, Customer):
                for there in (others[id_] for id_ in answers.of(task).others if id_ in others):
                    yield _row("Another customer", "", screening.card(customer), there)


def _row(what: str, why: str, here: Card, there: Card) -> list[Cell]:
    sides = (
        cell for one in (here, there) for cell in (one.name, one.email, one.phone, one.street, one.city_line)
    )
    return [what, why, *sides, there.id]
