"""The counts are what one would count, whatever wrote invoices, rows and links, and whenever the chore last ran."""

from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import delete, func, select, update

from app.extensions import db, now
from app.invoices.models import Invoice, InvoiceStatus
from app.quickbooks import outbox
from app.quickbooks.models import (
    ChangedInvoice,
    Connection,
    ConnectionState,
    CountedInvoice,
    InvoiceCounts,
    RecordKind,
    RemoteLink,
    SyncTask,
    TaskState,
)
from app.quickbooks.outbox import invoice_counting, invoice_counts, invoice_sums
from app.quickbooks.outbox.invoice_counting import count_again
from app.quickbooks.outbox.invoice_counts import Counts, Sum, counts
from devtools.filled import fill
from tests.quickbooks import builders


@pytest.fixture
def connection(owner) -> Connection:
    return fill(owner.company, 60, troubled=20)


def counted_one_by_one(connection: Connection) -> Counts:
    """From all invoices, without anything kept."""
    rows = db.session.execute(invoice_sums.present(connection)).mappings().all()
    sums = {way: [row["total"] for row in rows if row[f"is_{way}"]] for way in invoice_sums.WAYS}
    return Counts(**{way: Sum(len(totals), sum(totals)) for way, totals in sums.items()})


def oldest(connection: Connection) -> datetime | None:
    rows = db.session.execute(invoice_sums.present(connection)).mappings().all()
    since = [row["generated_at"] for row in rows if row["is_coming"] and row["generated_at"]]
    return max(min(since), connection.first_connected_at) if since else None


def agree(connection: Connection) -> None:
    assert counts(connection) == counted_one_by_one(connection)
    assert invoice_counts.coming_since(connection) == oldest(connection)


def disturb(connection: Connection, random: Random) -> None:
    """One statement of any kind, about a few invoices."""
    ids = db.session.scalars(select(Invoice.id).where(Invoice.company_id == connection.company_id)).all()
    some = random.sample(list(ids), 5)
    tasks, links = SyncTask.record_id.in_(some), RemoteLink.record_id.in_(some)
    state, day = random.choice(list(TaskState)), now() + timedelta(days=random.randint(-5, 5))
    statement = random.choice(
        [
            update(Invoice).where(Invoice.id.in_(some)).values(total=random.randint(105, 900)),
            update(Invoice).where(Invoice.id.in_(some)).values(status=random.choice(list(InvoiceStatus))),
            update(Invoice).where(Invoice.id.in_(some)).values(generated_at=day),
            update(SyncTask).where(tasks).values(state=state),
            update(SyncTask).where(tasks).values(problem=random.choice(["invalid", "needed_record_failed"])),
            delete(SyncTask).where(tasks),
            delete(RemoteLink).where(links),
        ]
    )
    db.session.execute(statement.execution_options(synchronize_session=False))


def test_they_agree_after_every_statement(connection):
    random = Random(11)
    for step in range(60):
        disturb(connection, random)
        agree(connection)
        db.session.commit()
        if step % 7 == 6:
            count_again()
            agree(connection)
            assert db.session.query(ChangedInvoice).count() == 0


def test_only_what_is_out_of_order_is_kept(connection):
    count_again()
    kept = counts(connection)
    assert (kept.coming.count, kept.stuck.count, kept.unsent.count, kept.earlier.count) == (15, 5, 0, 0)
    assert db.session.query(CountedInvoice).count() == 15


def test_nothing_is_lost_of_a_save_during_the_count(connection, app):
    """Somebody has written and not committed yet: they wait for nobody, and are counted afterwards."""
    count_again()
    db.session.execute(delete(RemoteLink))
    with app.app_context():
        count_again()
    db.session.commit()
    agree(connection)
    assert counts(connection).absent.count == 55


def test_two_chores_at_once_count_once(connection, app):
    count_again()
    db.session.execute(delete(RemoteLink))
    db.session.commit()
    db.session.execute(select(func.pg_advisory_xact_lock(37, connection.company_id)))
    with app.app_context():
        count_again()
    db.session.commit()
    assert db.session.query(ChangedInvoice).count() == 40
    agree(connection)


def test_another_day_to_start_is_counted_anew(connection):
    builders.invoice(db.session.query(Invoice).first().customer)
    count_again()
    agree(connection)
    connection.preferences.send_from = now().date() + timedelta(days=9)
    db.session.commit()
    agree(connection)
    count_again()
    assert db.session.query(InvoiceCounts).one().send_from == connection.preferences.send_from
    agree(connection)


def test_a_company_without_connection_leaves_nothing(connection, stranger):
    builders.invoice(builders.customer(stranger.company))
    count_again()
    connection.state = ConnectionState.DISCONNECTED
    db.session.execute(update(Invoice).values(total=9))
    db.session.commit()
    count_again()
    assert db.session.query(ChangedInvoice).count() == db.session.query(InvoiceCounts).count() == 0
    connection.state = ConnectionState.CONNECTED
    db.session.commit()
    agree(connection)
    count_again()
    agree(connection)


def test_a_bookkeeper_who_links_changes_the_counts(connection):
    """A link alone: no row of the outbox moves."""
    count_again()
    before = counts(connection)
    task = db.session.query(SyncTask).filter_by(kind=RecordKind.INVOICE, state=TaskState.QUEUED).first()
    db.session.add(
        RemoteLink(
            connection_id=connection.id,
            kind=RecordKind.INVOICE,
            record_id=task.record_id,
            remote_id="99001",
            sync_token="0",
        )
    )
    db.session.commit()
    assert counts(connection).absent.count == before.absent.count - 1
    agree(connection)


def test_a_new_row_is_coming(connection, owner):
    count_again()
    customer = db.session.query(Invoice).first().customer
    bill = builders.invoice(customer)
    outbox.queue(connection.id, RecordKind.INVOICE, [bill.id])
    db.session.commit()
    agree(connection)
    assert counts(connection).coming.count == 16


def test_after_more_than_memory_shall_hold_everything_is_counted(connection, monkeypatch):
    count_again()
    monkeypatch.setattr(invoice_counting, "MANY", 10)
    db.session.execute(update(Invoice).values(total=7))
    db.session.commit()
    count_again()
    assert db.session.query(ChangedInvoice).count() == 0
    agree(connection)
