"""A list of what QuickBooks has, by name, number or day, so that a new record costs no look-up of its own.

It is read once, and then kept up by change data capture (listing.py). Between two such calls webhooks tell of
every change, so it holds for as long as they come: each write of ours brings one too. What is on the list is looked
up as ever; only what is not on it is created without asking.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db, now
from app.quickbooks.account.connection import fresh_connection
from app.quickbooks.api.client import Client
from app.quickbooks.kinds import KINDS
from app.quickbooks.lane import listing
from app.quickbooks.lane.echoes import is_echo
from app.quickbooks.matching import directory
from app.quickbooks.models import Connection, KnownRecord, RecordKind, RemoteLink

LISTED = (RecordKind.ITEM, RecordKind.INVOICE, RecordKind.PAYMENT, RecordKind.REFUND)
WORTH_THE_LIST = 10  # names of a kind, at most: for more, one look-up costs no more than the list

Names = Mapping[RecordKind, Collection[str]]


def to_ask(connection: Connection, names: Names, client: Callable[[], Client], may_read: bool) -> Names:
    """Those of the names that have to be looked up: all, unless the list holds. Of customers those that QuickBooks
    has been seen to have: it refuses a second one of a name (6240), which is looked up then. The connection was
    read just now. Commits. Raises ApiError and TokenError.
    """
    connection_id = connection.id
    if may_read and (told := _worth_the_list(names) & _kinds_told(connection)):
        listed = _listed(connection)
        holds = _held(connection) >= told & set(listed)
        listing.bring_up_to_date(connection_id, client, told, listed, holds)
        connection = fresh_connection(connection_id)
    held = _held(connection)
    asked = {
        kind: _present(connection_id, kind, values) if kind in held else values
        for kind, values in names.items()
    }
    if customers := names.get(RecordKind.CUSTOMER):
        asked[RecordKind.CUSTOMER] = directory.names_there(connection_id, customers)
    db.session.commit()
    return {kind: values for kind, values in asked.items() if values}


def kinds_behind(connection_id: int, names: Names) -> set[RecordKind]:
    """Kinds whose list must be brought up to date before these few names can be looked up in it."""
    if not (wanted := _worth_the_list(names)):
        return set()
    connection = fresh_connection(connection_id)
    return (wanted & _kinds_told(connection)) - _held(connection)


def _worth_the_list(names: Names) -> set[RecordKind]:
    return {kind for kind, values in names.items() if len(values) <= WORTH_THE_LIST}


def kinds_held(connection_id: int) -> set[RecordKind]:
    """Kinds whose list is complete: it holds every change that a webhook reported."""
    return _held(fresh_connection(connection_id))


def _held(connection: Connection) -> set[RecordKind]:
    told = _kinds_told(connection)
    if not told or not _is_fresh(connection):
        return set()
    unread = select(KnownRecord.kind).where(
        KnownRecord.connection_id == connection.id,
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
        latest = func.greatest(KnownRecord.heard_at, heard.excluded.heard_at)  # they may come in any order
        marked = {"unread": True, "heard_at": latest}
        db.session.execute(
            heard.on_conflict_do_update(index_elements=["connection_id", "kind", "remote_id"], set_=marked)
        )


def _kinds_told(connection: Connection) -> set[RecordKind]:
    """Kinds for which webhooks arrive. Empty once one of our own writes has had none for TOLD_WITHIN."""
    unheard = connection.unheard_since
    is_heard = unheard is None or unheard > now() - listing.TOLD_WITHIN
    return set(_of_the_list(connection.told_kinds)) if is_heard else set()


def _listed(connection: Connection) -> list[RecordKind]:
    return _of_the_list(connection.known_kinds)


def _of_the_list(kinds: Iterable[str]) -> list[RecordKind]:
    """Ignore kinds that only an earlier version listed."""
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
        *listing.of(connection_id, kind), KnownRecord.key.in_({key_of(value) for value in values})
    )
    if KINDS[kind].has_mark:
        known = known.where(~_is_linked())
    keys = set(db.session.scalars(known))
    return {value for value in values if key_of(value) in keys}
