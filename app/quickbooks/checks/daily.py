"""What people change in QuickBooks is looked at once a day by itself: what changed since the last time, in one
call, or everything when that is too much (contract section 2.7).
"""

import logging
from datetime import datetime, timedelta

from redis.exceptions import RedisError
from sqlalchemy import and_, not_, or_, select, update

from app.accounts.models import PLANS_WITH_QUICKBOOKS, Company
from app.extensions import SLOW, db, enqueue, now
from app.quickbooks.account.gateway import client_for
from app.quickbooks.account.metering import reading_for
from app.quickbooks.account.tokens import TokenError
from app.quickbooks.api.client import LONGEST_LOOK_BACK, MOST_CHANGES, OVERLAP, Client
from app.quickbooks.api.errors import ApiError
from app.quickbooks.checks import findings
from app.quickbooks.checks.audit import kinds_of
from app.quickbooks.checks.books import Books, whole
from app.quickbooks.lane.reading import asked_patiently
from app.quickbooks.matching import directory, finding_invoices, other_names
from app.quickbooks.models import Connection, ConnectionState, RecordKind
from app.quickbooks.models.connection import paused_at, reads_blocked_at

log = logging.getLogger(__name__)

JOB = "app.quickbooks.jobs.check_books"
JOB_SECONDS = 1800
EVERY = timedelta(days=1)
NEXT_TRY = timedelta(hours=1)
AT_ONCE = 20
SETTINGS = ("Preferences", "Term", "PaymentMethod")  # not accounts: every posting may touch theirs


def queue_checks() -> list[int]:
    """Have the connections whose time has come checked by jobs; returns their ids. Commits.

    A connection is first looked at a day after it was made, or when a webhook told of a change (webhooks.py). Each
    is tried once an hour until it could be read.
    """
    moment = now()
    due = (
        select(Connection.id)
        .join(Connection.company)
        .where(
            Company.plan.in_(PLANS_WITH_QUICKBOOKS),
            Connection.state == ConnectionState.CONNECTED,
            not_(reads_blocked_at(moment)),
            not_(paused_at(moment)),
            or_(
                and_(Connection.check_due_at.is_(None), Connection.connected_at <= moment - EVERY),
                Connection.check_due_at <= moment,
            ),
        )
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=Connection)
    )
    ids = list(db.session.scalars(due))
    db.session.execute(
        update(Connection).where(Connection.id.in_(ids)).values(check_due_at=moment + NEXT_TRY)
    )
    db.session.commit()
    for connection_id in ids:
        _run_later(connection_id)
    return ids


@reading_for("daily check")
def check(connection_id: int) -> None:
    """Look at what changed there, and say on the rows what differs. Commits."""
    started = now()
    connection = db.session.get_one(Connection, connection_id)
    since = connection.checked_until or connection.connected_at
    kinds = kinds_of(connection)
    db.session.commit()
    try:
        books, is_reset = _read(connection_id, kinds, since)
    except (ApiError, TokenError) as error:
        db.session.rollback()
        log.info("QuickBooks connection %s cannot be checked at present: %s", connection_id, error)
        return
    _forget_pairs(connection_id, books)
    findings.note(connection_id, books)
    _know_customers(connection_id, books)
    connection = db.session.get_one(Connection, connection_id, with_for_update={"key_share": True})
    connection.checked_until = started
    if is_reset:
        connection.facts_read_at = connection.numbers_refused_at = None
    if not _was_told(connection, started):
        connection.check_due_at = started + EVERY
    db.session.commit()


def _was_told(connection: Connection, started: datetime) -> bool:
    """A webhook came while the books were read: they are read once more."""
    return connection.check_due_at is not None and started <= connection.check_due_at <= now()


def check_the_rest(connection_id: int, client: Client) -> None:
    """With a tie-out, which reads all invoices itself: customers and money are read too. Commits. Raises ApiError
    and TokenError.
    """
    connection = db.session.get_one(Connection, connection_id)
    kinds = [entity for entity in kinds_of(connection) if entity != RecordKind.INVOICE.entity]
    db.session.commit()
    books = asked_patiently(lambda: whole(connection_id, client, kinds))
    findings.note(connection_id, books)
    _know_customers(connection_id, books)
    db.session.commit()


def _know_customers(connection_id: int, books: Books) -> None:
    """Who is new there is compared with who is new here. The caller commits."""
    kind = RecordKind.CUSTOMER
    if db.session.get_one(Connection, connection_id).customers_read_at is None or kind not in books.records:
        return
    if books.is_whole:
        directory.replace(connection_id, list(books.of(kind).values()))
    else:
        directory.learn(connection_id, books.of(kind).values(), books.gone.get(kind, frozenset()))


def _forget_pairs(connection_id: int, books: Books) -> None:
    """Change data capture names a change once, before the two are linked or after. So this comes before what is
    said of linked ones: a pair is either taken back here, or linked by then. Commits.
    """
    kind, began = RecordKind.INVOICE, books.began if books.is_whole else None
    finding_invoices.forget_changed(connection_id, books.of(kind), books.gone.get(kind, frozenset()), began)
    db.session.commit()


def _read(connection_id: int, kinds: list[str], since: datetime) -> tuple[Books, bool]:
    """What changed, or everything; and whether the company's settings did, or may have."""
    client, began = client_for(connection_id), now()
    if began - since > LONGEST_LOOK_BACK:
        return _everything(connection_id, client, kinds), True
    changed = client.changes([*kinds, *SETTINGS, *other_names.ENTITIES], since - OVERLAP)
    if sum(map(len, changed.values())) >= MOST_CHANGES:
        return _everything(connection_id, client, kinds), True
    settings = [changed.pop(entity) for entity in SETTINGS]
    other_names.learn(connection_id, {name: changed.pop(name) for name in other_names.ENTITIES})
    db.session.commit()
    return Books.of_changes(began, changed), any(settings)


def _everything(connection_id: int, client: Client, kinds: list[str]) -> Books:
    """Commits."""
    other_names.read(connection_id, client)
    return whole(connection_id, client, kinds)


def _run_later(connection_id: int) -> None:
    try:
        enqueue(SLOW, JOB, connection_id, JOB_SECONDS)
    except RedisError as error:
        log.warning("The check of QuickBooks connection %s was not queued: %s", connection_id, error)
