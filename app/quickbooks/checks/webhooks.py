"""What QuickBooks tells of changes (contract section 6). An event holds no values, comes late, twice or out of
order, and also for what we wrote ourselves. So it only brings the next check of the books forward, which reads
what changed (daily.py); what is already known says nothing there, by its SyncToken.
"""

import base64
import hashlib
import hmac
import json
import logging
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, func, or_, select, update

from app.extensions import db, now
from app.quickbooks.lane import known
from app.quickbooks.lane.echoes import is_echo
from app.quickbooks.models import Connection, ConnectionState, RecordKind, RemoteLink

log = logging.getLogger(__name__)

MOST_EVENTS = 1000  # of one notification; the daily check finds what the rest told
KINDS = {
    kind.entity.lower(): kind
    for kind in (RecordKind.CUSTOMER, RecordKind.INVOICE, RecordKind.PAYMENT, RecordKind.REFUND)
}
LISTED = {kind.entity.lower(): kind for kind in known.LISTED}
FACTS = frozenset({"preferences", "term", "paymentmethod"})  # not accounts: every posting may touch theirs


@dataclass(frozen=True)
class Event:
    """`entity` is QuickBooks' name in lower case; `at` is None where the time cannot be read."""

    realm_id: str
    entity: str
    remote_id: str
    at: datetime | None


def is_genuine(body: bytes, signature: str, token: str) -> bool:
    """Whether Intuit signed these very bytes."""
    expected = base64.b64encode(hmac.digest(token.encode(), body, hashlib.sha256))
    return hmac.compare_digest(expected, signature.encode("utf-8", "replace"))


def take(body: bytes) -> None:
    """Note which companies have to be looked at; realms that are not connected are passed over. Commits."""
    by_realm = defaultdict(list)
    for event in _events(body):
        by_realm[event.realm_id].append(event)
    for realm_id, events in sorted(by_realm.items()):
        _take(realm_id, events)
    db.session.commit()


def _take(realm_id: str, events: Collection[Event]) -> None:
    here = (
        Connection.realm_id == realm_id,
        Connection.environment == current_app.config["QUICKBOOKS_ENVIRONMENT"],
        Connection.state == ConnectionState.CONNECTED,
    )
    found = db.session.execute(select(Connection.id, Connection.told_kinds).where(*here)).one_or_none()
    if found is None:
        return
    connection_id, told_kinds = found
    values: dict[Any, Any] = {Connection.unheard_since: None}
    if news := {LISTED[event.entity].value for event in events if event.entity in LISTED} - {*told_kinds}:
        values[Connection.told_kinds] = sorted({*told_kinds, *news})
    if any(event.entity in FACTS for event in events):
        values |= {Connection.facts_read_at: None, Connection.numbers_refused_at: None}
    known.hear(connection_id, {_listed(event): event.at for event in events if event.entity in LISTED})
    if _is_news(connection_id, events):
        # Where none is due yet, least() ignores the NULL.
        values[Connection.check_due_at] = func.least(Connection.check_due_at, now())
    db.session.execute(update(Connection).where(Connection.id == connection_id).values(values))


def _listed(event: Event) -> tuple[RecordKind, str]:
    return LISTED[event.entity], event.remote_id


def _is_news(connection_id: int, events: Collection[Event]) -> bool:
    """Whether one is about a linked record, and not the echo of a write of ours."""
    told = [
        and_(
            RemoteLink.kind == KINDS[event.entity], RemoteLink.remote_id == event.remote_id, ~_is_echo(event)
        )
        for event in events
        if event.entity in KINDS
    ]
    if not told:
        return False
    news = select(RemoteLink.id).where(RemoteLink.connection_id == connection_id, or_(*told)).limit(1)
    return db.session.scalar(news) is not None


def _is_echo(event: Event) -> ColumnElement[bool]:
    return RemoteLink.id.is_(None) if event.at is None else is_echo(event.at)


def _events(body: bytes) -> list[Event]:
    """Of CloudEvents; what is something else is passed over."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        log.warning("A signed webhook of QuickBooks cannot be read")
        return []
    listed = told[:MOST_EVENTS] if isinstance(told, list) else []
    return [event for one in listed if isinstance(one, dict) and (event := _event(one))]


def _event(told: dict[str, Any]) -> Event | None:
    """`type` is namespace.entity.event.version."""
    named = str(told.get("type", "")).lower().split(".")
    realm_id, remote_id = str(told.get("intuitaccountid", "")), str(told.get("intuitentityid", ""))
    if len(named) != 4 or named[0] != "qbo" or not _is_id(realm_id) or not _is_id(remote_id):
        return None
    return Event(realm_id, named[1], remote_id, _moment(told.get("time")))


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 40


def _moment(text: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo and 2000 < moment.year < 9000 else None
