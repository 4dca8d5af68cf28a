"""The tallies are the numbers one would count, whatever wrote the rows."""

from collections import Counter
from itertools import product

import pytest
from sqlalchemy import delete, select, update

from app.extensions import db
from app.quickbooks import outbox
from app.quickbooks.models import Connection, RecordKind, SyncTask, Tally, TaskState
from app.quickbooks.outbox import tallies
from tests.quickbooks import builders


@pytest.fixture
def connection(owner):
    return builders.connected(owner.company)


def agree(connection_id: int) -> None:
    rows = db.session.execute(select(SyncTask.kind, SyncTask.state).filter_by(connection_id=connection_id))
    counted = Counter(rows.tuples())
    assert +Counter(tallies.counts(connection_id)) == counted


def changes(connection) -> int:
    return db.session.scalar(select(tallies.changes(connection.id)))


def write(connection) -> None:
    """Inserts, upserts, moves of many kinds at once, and a delete; in statements of many rows."""
    outbox.queue(connection.id, RecordKind.CUSTOMER, range(1, 8))
    outbox.queue(connection.id, RecordKind.INVOICE, range(1, 30))
    outbox.queue(connection.id, RecordKind.INVOICE, range(20, 40))
    db.session.execute(update(SyncTask).where(SyncTask.record_id < 5).values(state=TaskState.ERROR))
    db.session.execute(update(SyncTask).where(SyncTask.record_id > 25).values(state=TaskState.SYNCED))
    db.session.execute(delete(SyncTask).where(SyncTask.record_id == 3))
    db.session.commit()


def test_they_follow_every_kind_of_statement(connection, stranger):
    other = builders.connected(stranger.company, realm="9130350000000002")
    write(connection)
    outbox.queue(other.id, RecordKind.INVOICE, range(5))
    db.session.commit()
    for one in (connection.id, other.id):
        agree(one)


def test_folding_changes_no_number(connection):
    write(connection)
    before = tallies.counts(connection.id), changes(connection)
    tallies.fold()
    assert (tallies.counts(connection.id), changes(connection)) == before
    write(connection)
    tallies.fold()
    agree(connection.id)
    kinds_and_states = len(list(product(RecordKind, TaskState)))
    assert db.session.query(Tally).count() <= kinds_and_states


def test_folding_waits_for_nobody_and_loses_nothing(connection, app):
    """Somebody has written and not committed yet: they wait for no fold, and are counted afterwards."""
    write(connection)
    db.session.execute(update(SyncTask).where(SyncTask.record_id == 1).values(state=TaskState.SKIPPED))
    with app.app_context():
        tallies.fold()
    db.session.commit()
    agree(connection.id)


def test_a_write_that_moves_nothing_is_a_change_all_the_same(connection):
    write(connection)
    before = changes(connection)
    db.session.execute(update(SyncTask).where(SyncTask.record_id == 1).values(message="Another sentence."))
    assert changes(connection) > before
    agree(connection.id)


def test_what_is_rolled_back_was_never_counted(connection):
    write(connection)
    before = changes(connection)
    outbox.queue(connection.id, RecordKind.INVOICE, [99])
    db.session.rollback()
    assert changes(connection) == before


def test_a_connection_that_is_deleted_takes_its_rows_along(connection):
    write(connection)
    db.session.execute(delete(Connection))
    db.session.commit()
    assert db.session.query(Tally).count() == 0
