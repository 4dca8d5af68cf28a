"""A list of what QuickBooks has, by name, number or day, so that a new record costs no look-up of its own.

It is read once, in pages, and then kept up by change data capture (contract section 2.7). Between two such calls
webhooks tell of every change, so it holds for as long as they come: each write of ours brings one too. What is on
the list is looked up as ever; only what is not on it is created without asking.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db, now
from app.quickbooks.account.metering import reading_for
from app.quickbooks.api.client import Client
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.kinds import KINDS
from app.quickbooks.kinds.item import is_sold
from app.quickbooks.lane import reading
from app.quickbooks.lane.echoes import is_echo
from app.quickbooks.matching import directory
from app.quickbooks.models import Connection, KnownRecord, RecordKind, RemoteLink

LISTED = (RecordKind.ITEM, RecordKind.INVOICE, RecordKind.PAYMENT)
FEW = 10  # names of a kind: for more, one look-up costs no more than the list
HOLDS = timedelta(hours=12)
TOLD_WITHIN = timedelta(minutes=10)  # a first delivery can take five (contract section 6)
LONGEST_LOOK_BACK = timedelta(days=29)  # of thirty
OVERLAP = timedelta(minutes=10)  # our clock and theirs, and a write under way while we ask
MOST = 1000  # changes in one answer
AT_ONCE = 1000  # rows of a statement

Names = Mapping[RecordKind, Collection[str]]


def to_ask(connection_id: int, names: Names, client: Callable[[], Client], may_read: bool) -> Names:
    """Those of the names that have to be looked up: all, unless the list holds. Of customers those that QuickBooks
    has been seen to have: it refuses a second one of a name (6240), which is looked up then. Commits.
    Raises ApiError and TokenError.
    """
    if may_read and (told := _few(names) & _kinds_told(connection_id)):
        _bring_up_to_date(connection_id, client, told)
    held = kinds_held(connection_id)
    asked = {
        kind: _present(connection_id, kind, values) if kind in held else values
        for kind, values in names.items()
    }
    if customers := names.get(RecordKind.CUSTOMER):
        asked[RecordKind.CUSTOMER] = directory.names_there(connection_id, customers)
    db.session.commit()
    return {kind: values for kind, values in asked.items() if values}


def kinds_behind(connection_id: int, names: Names) -> set[RecordKind]:
    """Whose names would be asked for after the list was brought up to date, which it is not."""
    return (_few(names) & _kinds_told(connection_id)) - kinds_held(connection_id)


def _few(names: Names) -> set[RecordKind]:
    return {kind for kind, values in names.items() if len(values) <= FEW}


def kinds_held(connection_id: int) -> set[RecordKind]:
    """Of which the list has everything that anybody told of."""
    connection = db.session.get_one(Connection, connection_id, populate_existing=True)
    told = _kinds_told(connection_id)
    if not told or not _is_fresh(connection):
        return set()
    unread = select(KnownRecord.kind).where(
        KnownRecord.connection_id == connection_id,
        KnownRecord.unread,
        ~_is_linked(is_echo(KnownRecord.heard_at)),
    )
    return (told & set(_listed(connection))) - set(db.session.scalars(unread.distinct()))


def hear(connection_id: int, told: Mapping[tuple[RecordKind, str], datetime | None]) -> None:
    """Webhooks told of these records at these moments; None where a moment cannot be read. The caller commits."""
    rows = [
        {
            "connection_id": connection_id,
            "kind": kind,
            "remote_id": remote_id,
            "key": "",
            "name": "",
            "is_sold": True,
            "unread": True,
            "heard_at": at or now(),
        }
        for (kind, remote_id), at in sorted(told.items(), key=lambda one: one[0])
    ]
    if rows:
        heard = insert(KnownRecord).values(rows)
        marked = {"unread": True, "heard_at": heard.excluded.heard_at}
        db.session.execute(
            heard.on_conflict_do_update(index_elements=["connection_id", "kind", "remote_id"], set_=marked)
        )


def _kinds_told(connection_id: int) -> set[RecordKind]:
    """Of which webhooks come. None, when one of our writes was left without any for long."""
    connection = db.session.get_one(Connection, connection_id, populate_existing=True)
    unheard = connection.unheard_since
    is_heard = unheard is None or unheard > now() - TOLD_WITHIN
    return set(_of_the_list(connection.told_kinds)) if is_heard else set()


def _listed(connection: Connection) -> list[RecordKind]:
    return _of_the_list(connection.known_kinds)


def _of_the_list(kinds: Iterable[str]) -> list[RecordKind]:
    """An earlier version listed more."""
    return [kind for kind in map(RecordKind, kinds) if kind in LISTED]


def _is_fresh(connection: Connection) -> bool:
    return connection.known_fresh_until is not None and connection.known_fresh_until > now()


def _is_linked(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        *conditions,
        RemoteLink.connection_id == KnownRecord.connection_id,
        RemoteLink.kind == KnownRecord.kind,
        RemoteLink.remote_id == KnownRecord.remote_id,
    )


def _present(connection_id: int, kind: RecordKind, values: Collection[str]) -> set[str]:
    """Money of ours is told by its mark: a day is shared by many payments."""
    key_of = KINDS[kind].identity.key
    known = select(KnownRecord.key).where(
        *_of(connection_id, kind), KnownRecord.key.in_({key_of(value) for value in values})
    )
    if KINDS[kind].has_mark:
        known = known.where(~_is_linked())
    keys = set(db.session.scalars(known))
    return {value for value in values if key_of(value) in keys}


@reading_for("list of names")
def _bring_up_to_date(
    connection_id: int, client: Callable[[], Client], kinds: Collection[RecordKind]
) -> None:
    """Commits."""
    connection = db.session.get_one(Connection, connection_id, populate_existing=True)
    listed, since = _listed(connection), connection.known_until
    holds = kinds_held(connection_id) >= set(kinds) & set(listed)
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
    if not changed or sum(map(len, changed.values())) >= MOST:
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
    """Commits."""
    started = now()
    records = reading.asked(partial(client.query_all, kind.entity, KINDS[kind].identity.also))
    if records is None:
        return
    before = or_(KnownRecord.heard_at.is_(None), KnownRecord.heard_at < started)
    db.session.execute(delete(KnownRecord).where(*_of(connection_id, kind), before))
    _keep(connection_id, kind, records, started)
    connection = db.session.get_one(Connection, connection_id, populate_existing=True, with_for_update=True)
    if not connection.known_kinds:
        connection.known_until, connection.known_fresh_until = started, started + HOLDS
    connection.known_kinds = sorted({*connection.known_kinds, kind.value})
    db.session.commit()


def _keep(connection_id: int, kind: RecordKind, records: Iterable[RemoteRecord], asked_at: datetime) -> None:
    """What was told of after it was asked for stays unread. The caller commits."""
    identity = KINDS[kind].identity
    found = {record["Id"]: record for record in records}
    gone = {id_ for id_, record in found.items() if record.get("status") == "Deleted"}
    if gone:
        db.session.execute(
            delete(KnownRecord).where(*_of(connection_id, kind), KnownRecord.remote_id.in_(gone))
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


def _of(connection_id: int, kind: RecordKind) -> tuple[ColumnElement[bool], ...]:
    return KnownRecord.connection_id == connection_id, KnownRecord.kind == kind
