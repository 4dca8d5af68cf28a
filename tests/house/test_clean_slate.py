"""Nothing leaks from one test to the next, whoever wrote it and however."""

import threading

import pytest
from sqlalchemy import text

from app.demo import company
from app.extensions import db, redis
from devtools.waiting import wait_until
from tests.clean_slate import empty_used_tables
from tests.locks import somebody_waits

PLANT = (
    "INSERT INTO companies (name, plan, time_zone, currency, invoice_prefix, default_tax_rate, payment_terms,"
)
PLANT += " created_at) VALUES ('Planted', 'pro', 'UTC', 'USD', 'INV', 0, 'net_30', now()) RETURNING id"


def leftovers() -> dict[str, int]:
    """Rows by table, where there are any."""
    db.session.rollback()
    tables = db.metadata.sorted_tables
    counts = {table.name: db.session.scalar(text(f'SELECT count(*) FROM "{table.name}"')) for table in tables}
    return {name: count for name, count in counts.items() if count}


@pytest.mark.parametrize("test", ["one test", "the next test"])
def test_each_begins_with_empty_books_and_the_first_ids(app, test: str):
    assert leftovers() == {}
    assert redis().dbsize() == 0
    company.build()
    redis().set("left behind", 1)
    assert db.session.scalar(text("SELECT min(id) FROM invoices")) == 1


def test_what_another_connection_wrote_goes_too(app):
    with db.engine.begin() as connection:
        assert connection.scalar(text(PLANT)) == 1
    empty_used_tables(db.engine, db.metadata)
    assert leftovers() == {}


def test_ids_start_again_even_where_no_row_is_left(app):
    with db.engine.begin() as connection:
        connection.execute(text(PLANT))
        connection.execute(text("DELETE FROM companies"))
    empty_used_tables(db.engine, db.metadata)
    with db.engine.begin() as connection:
        assert connection.scalar(text(PLANT)) == 1


def test_a_transaction_that_is_still_open_is_awaited(app):
    with db.engine.connect() as writer:
        writer.execute(text(PLANT))
        cleaner = threading.Thread(target=empty_used_tables, args=(db.engine, db.metadata))
        cleaner.start()
        wait_until(somebody_waits, "the cleaner waits for the writer")
        writer.commit()
    cleaner.join(timeout=10)
    assert not cleaner.is_alive()
    assert leftovers() == {}


def test_every_table_of_the_database_is_looked_at(app):
    """A table that only a migration knows would keep its rows."""
    found = db.session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
    assert set(found) == {table.name for table in db.metadata.sorted_tables} | {"alembic_version"}
