"""After the database was restored from a backup QuickBooks knows more than we do: each record that we are linked to
is read again, and our invoice numbers go on behind those it has, before anything is sent.
"""

import logging
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import select, update

from app.extensions import db, now
from app.invoices.numbering import go_on_behind
from app.quickbooks.account.metering import reading_for
from app.quickbooks.api.client import Client, quote
from app.quickbooks.api.errors import Fault, OutcomeUnknown, Refused
from app.quickbooks.lane import adoption, reading
from app.quickbooks.lane.reading import Seen
from app.quickbooks.models import BatchState, Connection, PushBatch, RecordKind, RemoteLink

log = logging.getLogger(__name__)

PAGE = 200
UNREAD = Fault(None, message="QuickBooks could not be read again.")

Link = tuple[int, RecordKind, str]


def doubt_everything() -> list[int]:
    """Put every link and every open batch of every connection in doubt; ids of the connections. The caller commits.

    A row needs no mark of its own: what is linked is read before it is sent, what is not is looked up (asking.py),
    and what was on the wire is recovered.
    """
    links = update(RemoteLink).values(snapshot=RemoteLink.snapshot.concat({"in_doubt": True}))
    db.session.execute(links.execution_options(synchronize_session=False))
    open_batches = update(PushBatch).where(PushBatch.state == BatchState.WRITTEN).values(check_at=None)
    db.session.execute(open_batches.execution_options(synchronize_session=False))
    anew: dict[str, Any] = {"lease_owner": None, "lease_until": None, "refreshing_until": None}
    anew |= {"facts_read_at": None, "customers_read_at": None, "restored_at": now()}
    unknown: dict[str, Any] = {
        "known_kinds": [],
        "known_until": None,
        "known_fresh_until": None,
        "told_kinds": [],
    }
    connections = update(Connection).values(read_again_from=0, check_due_at=None, **anew, **unknown)
    return list(db.session.scalars(connections.returning(Connection.id)))


@reading_for("restore")
def read_again(connection_id: int, client: Callable[[], Client], go_on: Callable[[], bool]) -> bool:
    """Read page by page what is still in doubt; false when `go_on` said no before the end. Commits.

    What somebody changed there, we ourselves in the lost time included, is remembered, so that it is asked about
    where it would be overwritten. What is gone, or could not be read, stays in doubt: it is read before its next
    push, which says so.

    Raises ApiError and TokenError.
    """
    while (start := _start(connection_id)) is not None:
        page = _page(connection_id, start)
        if page:
            _read(connection_id, client(), page)
        else:
            _number_anew(connection_id, client())
        if not go_on():
            return False
    return True


def _start(connection_id: int) -> int | None:
    """The link after which to go on; None when nothing is to be read."""
    start = db.session.scalar(select(Connection.read_again_from).where(Connection.id == connection_id))
    db.session.commit()
    return start


def _page(connection_id: int, start: int) -> list[Link]:
    links = (
        select(RemoteLink.id, RemoteLink.kind, RemoteLink.remote_id)
        .where(RemoteLink.connection_id == connection_id, RemoteLink.id > start)
        .order_by(RemoteLink.id)
        .limit(PAGE)
    )
    found = [row._tuple() for row in db.session.execute(links)]
    db.session.commit()
    return found


def _read(connection_id: int, client: Client, page: Sequence[Link]) -> None:
    ids: dict[RecordKind, list[str]] = defaultdict(list)
    for _, kind, remote_id in page:
        ids[kind].append(remote_id)
    heard = reading.Heard()
    seen: dict[RecordKind, Seen] = {kind: reading.by_id(client, kind, ids[kind], heard) for kind in ids}
    if heard.nothing:
        raise OutcomeUnknown(UNREAD)
    links = select(RemoteLink).where(RemoteLink.id.in_([link_id for link_id, *_ in page])).with_for_update()
    for link in db.session.scalars(links.execution_options(populate_existing=True)):
        remote = seen[link.kind].get(link.remote_id)
        if isinstance(remote, dict):
            adoption.seen(link, remote)
        elif remote is None:
            log.warning("%s %s of connection %s stays in doubt", link.kind, link.remote_id, connection_id)
    _go_on_from(connection_id, page[-1][0])


def _number_anew(connection_id: int, client: Client) -> None:
    """What was numbered after the backup is still there under its number. Where QuickBooks refuses to list its
    invoices, a number is still looked up before it is used again.
    """
    company = db.session.get_one(Connection, connection_id).company
    company_id, prefix = company.id, company.invoice_prefix
    db.session.commit()
    try:
        numbered = client.query_all("Invoice", f"DocNumber LIKE {quote(prefix + '-%')}")
    except Refused as error:
        if reading.is_the_companys(error):
            raise
        log.warning("Connection %s numbers its invoices on without those in QuickBooks", connection_id)
        numbered = []
    for year, last in _last_by_year(prefix, numbered):
        go_on_behind(company_id, year, last)
    _go_on_from(connection_id, None)


def _last_by_year(prefix: str, invoices: Iterable[dict[str, Any]]) -> Iterable[tuple[int, int]]:
    ours = re.compile(rf"{re.escape(prefix)}-(\d{{4}})-(\d{{1,9}})", re.IGNORECASE)
    last: dict[int, int] = {}
    for invoice in invoices:
        if found := ours.fullmatch(str(invoice.get("DocNumber", ""))):
            year, number = int(found[1]), int(found[2])
            last[year] = max(last.get(year, 0), number)
    return last.items()


def _go_on_from(connection_id: int, link_id: int | None) -> None:
    db.session.execute(
        update(Connection).where(Connection.id == connection_id).values(read_again_from=link_id)
    )
    db.session.commit()
