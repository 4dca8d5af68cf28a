"""What to send while reads are blocked: kinds whose duplicates QuickBooks itself refuses are created without a
look-up. A duplicate is refused and looked up later. Other new records wait, unless a complete list (known.py) shows
that they are not there.
"""

from sqlalchemy import ColumnElement, and_, not_

from app.extensions import db
from app.quickbooks import outbox
from app.quickbooks.account import company
from app.quickbooks.account.connection import fresh_connection
from app.quickbooks.lane import choosing, known
from app.quickbooks.models import Connection, RecordKind


def refused_twice(connection_id: int) -> set[RecordKind]:
    """Kinds of which QuickBooks itself refuses a second one. Names of customers are unique there (6240, contract
    section 4.1). Numbers of invoices are where people number and are warned (6140, section 4.2); that cannot be
    read, but was seen where one was refused.
    """
    connection = fresh_connection(connection_id)
    refused = set[RecordKind]()
    # Before that nobody has looked for other spellings (matching/screening.py).
    if connection.customers_read_at is not None:
        refused.add(RecordKind.CUSTOMER)
    if connection.numbers_refused_at is not None and company.facts_of(connection).custom_numbers:
        refused.add(RecordKind.INVOICE)
    return refused


def may_go(connection_id: int) -> set[RecordKind]:
    """Kinds of which new records may go."""
    return known.kinds_held(connection_id) | refused_twice(connection_id)


def put_off(connection_id: int, *which: ColumnElement[bool]) -> None:
    """These due rows wait until something may be read. Commits."""
    until = db.session.get_one(Connection, connection_id).reads_blocked_until
    if until is not None:
        outbox.put_off(connection_id, until, *which)
    db.session.commit()


def put_off_the_rest(connection_id: int) -> None:
    """All that needs a read; what is saved at this very moment may need none. Commits."""
    put_off(connection_id, not_(and_(*choosing.needs_no_read(may_go(connection_id)))))
