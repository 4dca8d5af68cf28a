"""The host's records behind a set of outbox rows, loaded in one query a kind, with their links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from app.activity.models import Subject
from app.extensions import db
from app.quickbooks.kinds import KINDS, Record
from app.quickbooks.kinds.needs import Key
from app.quickbooks.models import Connection, RecordKind, RemoteLink, SyncTask


@dataclass(frozen=True)
class Shelf:
    """Records and links by kind and local id."""

    records: dict[Key, Record]
    links: dict[Key, RemoteLink]

    @classmethod
    def load(cls, connection_id: int, tasks: Iterable[SyncTask]) -> Shelf:
        wanted = _wanted(tasks)
        return cls(_records(wanted), links_of(connection_id, wanted))

    def record(self, task: SyncTask) -> Record | None:
        return self.records.get((task.kind, task.record_id))

    def link(self, task: SyncTask) -> RemoteLink | None:
        return self.links.get((task.kind, task.record_id))


def records_of(tasks: Iterable[SyncTask]) -> dict[Key, Record]:
    """By kind and local id."""
    return _records(_wanted(tasks))


def _wanted(tasks: Iterable[SyncTask]) -> dict[RecordKind, set[int]]:
    wanted = defaultdict(set)
    for task in tasks:
        wanted[task.kind].add(task.record_id)
    return wanted


def _records(wanted: Mapping[RecordKind, Collection[int]]) -> dict[Key, Record]:
    return {
        (kind, record.id): record
        for kind, ids in wanted.items()
        for record in db.session.scalars(
            KINDS[kind].loader.where(KINDS[kind].model.id.in_(ids)).execution_options(populate_existing=True)
        )
    }


def link_of(connection_id: int, kind: RecordKind, record_id: int) -> RemoteLink | None:
    return links_of(connection_id, {kind: [record_id]}).get((kind, record_id))


def links_of(connection_id: int, wanted: Mapping[RecordKind, Collection[int]]) -> dict[Key, RemoteLink]:
    """Of these records, by kind."""
    ours = [
        and_(RemoteLink.kind == kind, RemoteLink.record_id.in_(ids)) for kind, ids in wanted.items() if ids
    ]
    if not ours:
        return {}
    rows = db.session.scalars(
        select(RemoteLink)
        .where(RemoteLink.connection_id == connection_id, or_(*ours))
        .execution_options(populate_existing=True)
    )
    return {(link.kind, link.record_id): link for link in rows}


def of_record(
    row: Any, connection: Connection | type[Connection], kind: RecordKind, record_id: Any
) -> ColumnElement[bool]:
    """The condition that joins tasks or links to their records; `row` is the model of either, or an alias of it.
    The model in place of a connection joins to each one's own.
    """
    return and_(row.connection_id == connection.id, row.kind == kind, row.record_id == record_id)


def name_of(record: Record | None, kind: RecordKind) -> str:
    """What a sentence about a record calls it."""
    return f"This {kind.value}" if record is None else KINDS[kind].name(record)


def name_of_row(task: SyncTask) -> str:
    return name_of(Shelf.load(task.connection_id, [task]).record(task), task.kind)


def subject_of(kind: RecordKind, record_id: int) -> Subject | None:
    """What the activity calls a record; None where it is gone."""
    record = db.session.get(KINDS[kind].model, record_id)
    return None if record is None else KINDS[kind].subject(record)
