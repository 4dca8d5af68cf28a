"""The list of what QuickBooks has is read: in pages once, then by change data capture (contract section 2.7)."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db, now
from app.quickbooks.account.metering import reading_for
from app.quickbooks.api.client import LONGEST_LOOK_BACK, MOST_CHANGES, OVERLAP, PAGE, Client
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.kinds import KINDS
from app.quickbooks.kinds.item import is_sold
from app.quickbooks.lane import reading
from app.quickbooks.models import Connection, KnownRecord, RecordKind

HOLDS = timedelta(hours=12)
TOLD_WITHIN = timedelta(minutes=10)  # a first delivery can take five (contract section 6)
AT_ONCE = 1000  # rows of a statement


@reading_for("list of names")
def bring_up_to_date(
    connection_id: int,
    client: Callable[[], Client],
    kinds: Collection[RecordKind],
    listed: Collection[RecordKind],
    holds: bool,
) -> None:
    """Of the `listed` kinds what has changed, unless the list holds, and the other `kinds` as a whole. Commits.
    Raises ApiError and TokenError.
    """
    since = db.session.get_one(Connection, connection_id, populate_existing=True).known_until
    db.session.commit()
    if since is not None and not holds and not _read_changes(connection_id, client(), listed, since):
        listed = []
    for kind in sorted(set(kinds) - set(listed)):
        _read_whole(connection_id, client(), kind)


def _read_changes(connection_id: int, client: Client, kinds: Collection[RecordKind], since: datetime) -> bool:
    """False when there are too many, or they are too old: then the list is read anew. Commits."""
    started = now()
    changed: dict[str, list[RemoteRecord]] = {}
    if since > started - LONGEST_LOOK_BACK:
        entities = [kind.entity for kind in kinds]
        changed = reading.asked(partial(client.changes, entities, since - OVERLAP)) or {}
    if not changed or sum(map(len, changed.values())) >= MOST_CHANGES:
        empty: dict[str, Any] = {"known_kinds": [], "known_until": None, "known_fresh_until": None}
        db.session.execute(update(Connection).where(Connection.id == connection_id).values(**empty))
        db.session.commit()
        return False
    for kind in kinds:
        _keep(connection_id, kind, changed[kind.entity], started)
    old = KnownRecord.heard_at < started - TOLD_WITHIN  # told late, of what was read long ago
    mine = (KnownRecord.connection_id == connection_id, KnownRecord.unread, old)
    db.session.execute(delete(KnownRecord).where(*mine, KnownRecord.key == ""))
    db.session.execute(update(KnownRecord).where(*mine).values(unread=False))
    fresh = {"known_until": started, "known_fresh_until": started + HOLDS}
    db.session.execute(update(Connection).where(Connection.id == connection_id).values(**fresh))
    db.session.commit()
    return True


def _read_whole(connection_id: int, client: Client, kind: RecordKind) -> None:
    """Page by page, because a company may have more than fits a worker. What is stored of a list that breaks off is
    true, but the kind counts as listed after its last page only. Commits.
    """
    started, read = now(), set[str]()
    start, is_last = 1, False
    while not is_last:
        page = _read_page(connection_id, client, kind, start, started)
        if page is None:
            return
        read.update(page)  # fewer than were read, where pages shift meanwhile
        start, is_last = start + len(page), len(page) < PAGE
    _forget_others(connection_id, kind, read, started)
    connection = db.session.get_one(Connection, connection_id, populate_existing=True, with_for_update=True)
    if not connection.known_kinds:
        connection.known_until, connection.known_fresh_until = started, started + HOLDS
    connection.known_kinds = sorted({*connection.known_kinds, kind.value})
    db.session.commit()


def _read_page(
    connection_id: int, client: Client, kind: RecordKind, start: int, asked_at: datetime
) -> list[str] | None:
    """The Ids of what is stored; None when it could not be read. Commits."""
    page = reading.asked(partial(client.page, kind.entity, start, PAGE, KINDS[kind].identity.also))
    if page is None:
        return None
    _keep(connection_id, kind, page, asked_at)
    db.session.commit()
    return [record["Id"] for record in page]


def _forget_others(connection_id: int, kind: RecordKind, read: Collection[str], asked_at: datetime) -> None:
    """What was known of before and is not there any more. The caller commits."""
    before = or_(KnownRecord.heard_at.is_(None), KnownRecord.heard_at < asked_at)
    known = select(KnownRecord.remote_id).where(*of(connection_id, kind), before)
    gone = sorted(set(db.session.scalars(known)).difference(read))
    for start in range(0, len(gone), AT_ONCE):
        some = KnownRecord.remote_id.in_(gone[start : start + AT_ONCE])
        db.session.execute(delete(KnownRecord).where(*of(connection_id, kind), some))


def _keep(connection_id: int, kind: RecordKind, records: Iterable[RemoteRecord], asked_at: datetime) -> None:
    """What was told of after it was asked for stays unread. The caller commits."""
    identity = KINDS[kind].identity
    found = {record["Id"]: record for record in records}
    gone = {id_ for id_, record in found.items() if record.get("status") == "Deleted"}
    if gone:
        db.session.execute(
            delete(KnownRecord).where(*of(connection_id, kind), KnownRecord.remote_id.in_(gone))
        )
    rows = [
        {
            "connection_id": connection_id,
            "kind": kind,
            "remote_id": id_,
            "key": identity.key(identity.value(found[id_])),
            "name": _proposed_name(kind, found[id_]),
            "is_sold": is_sold(found[id_]),
        }
        for id_ in sorted(found.keys() - gone)
    ]
    told_after = and_(KnownRecord.unread, KnownRecord.heard_at >= asked_at)
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        known = insert(KnownRecord).values([row | {"unread": False} for row in some])
        db.session.execute(
            known.on_conflict_do_update(
                index_elements=["connection_id", "kind", "remote_id"],
                set_={
                    **{name: known.excluded[name] for name in ("key", "name", "is_sold")},
                    "unread": func.coalesce(told_after, False),
                },
            )
        )


def _proposed_name(kind: RecordKind, remote: RemoteRecord) -> str:
    """QuickBooks writes "(deleted)" after the name of an item that is out of use."""
    is_proposed = kind is RecordKind.ITEM and remote.get("Active", True)
    return KINDS[kind].identity.value(remote) if is_proposed else ""


def of(connection_id: int, kind: RecordKind) -> tuple[ColumnElement[bool], ...]:
    """The rows of a kind."""
    return KnownRecord.connection_id == connection_id, KnownRecord.kind == kind
