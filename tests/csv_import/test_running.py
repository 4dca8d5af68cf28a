"""A long file is imported by a worker: once, or not at all."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.activity.models import Activity
from app.csv_import import running
from app.csv_import.models import CsvUpload
from app.customers.events import customers_changed
from app.customers.models import Customer
from app.extensions import db, redis
from app.invoices.events import invoices_changed
from app.invoices.models import Invoice
from app.job_threads import rq_worker
from devtools.waiting import wait_until
from tests.invoices import builders
from tests.locks import somebody_waits
from tests.people import Actor

ROOT = Path(__file__).parents[2]
HEADER = "customer_number,display_name,given_name,family_name,address,city,region,postal_code,country,phone\n"
MANY = 600


@pytest.fixture
def work(app: Flask) -> Callable[[], None]:
    """A real worker takes what is queued, until nothing is."""

    def burst() -> None:
        db.session.rollback()
        rq_worker(app).work(burst=True, logging_level="ERROR")

    return burst


def confirmed(owner: Actor, lines: int = MANY) -> str:
    """The address of an import that its owner has confirmed."""
    rows = "".join(f"C-{n},Customer {n},,,,,,,,\n" for n in range(lines))
    file = (io.BytesIO((HEADER + rows).encode()), "customers.csv")
    preview = owner.post("/customers/import", {"file": file}).headers["Location"]
    assert owner.post(preview).headers["Location"] == preview
    return preview


def stored() -> int:
    db.session.rollback()
    return db.session.query(Customer).count()


def test_a_worker_imports_it_and_the_page_tells(owner, work):
    page = confirmed(owner)
    assert stored() == 0
    assert "are being imported" in owner.get(page).text
    work()
    assert stored() == MANY
    assert f"{MANY} customers were imported" in owner.get(page).text
    event = db.session.query(Activity).filter_by(text=f"imported {MANY} customers from a file").one()
    assert event.user_id == owner.user_id


def test_confirming_twice_imports_once(owner, work):
    page = confirmed(owner)
    owner.post(page)
    work()
    owner.post(page)
    work()
    assert stored() == MANY


def test_the_sweep_finds_what_lost_its_job(owner, work):
    confirmed(owner)
    redis().flushall()
    assert len(running.sweep_imports()) == 1
    work()
    assert stored() == MANY
    assert running.sweep_imports() == []


def test_what_changed_since_the_check_stops_it(owner, work):
    page = confirmed(owner)
    db.session.add(Customer(company=owner.company, number="C-5", name="Somebody else"))
    db.session.commit()
    work()
    assert stored() == 1
    assert "Nothing was imported" in owner.get(page).text
    assert "Line 7" in owner.get(page).text


def test_a_worker_that_is_killed_leaves_all_of_it_to_the_next(owner, settings, work):
    confirmed(owner)
    with db.engine.connect() as holder:
        holder.execute(text("LOCK TABLE customers IN SHARE MODE"))
        process = subprocess.Popen([sys.executable, "worker.py"], cwd=ROOT, env={**os.environ, **settings})
        try:
            wait_until(somebody_waits, "it is in the middle of the import")
        finally:
            process.kill()
            process.wait()
        holder.rollback()
    assert stored() == 0

    def imported() -> bool:
        """PostgreSQL may take a moment to notice that the first one is gone."""
        redis().flushall()
        running.sweep_imports()
        work()
        return stored() == MANY

    wait_until(imported, "another worker has imported it")


def test_nobody_waits_for_a_number_while_a_file_is_imported(owner, work):
    """The listener is called in the import's transaction, once some of it is written."""
    company_id, waited = owner.company_id, []

    def another_asks(*_: object, **__: object) -> None:
        with db.engine.begin() as somebody_else:
            lock = text("SELECT FROM companies WHERE id = :id FOR NO KEY UPDATE SKIP LOCKED")
            waited.append(somebody_else.execute(lock, {"id": company_id}).rowcount == 0)

    confirmed(owner)
    with customers_changed.connected_to(another_asks):
        work()
    assert set(waited) == {False}
    assert stored() == MANY


def test_a_number_that_somebody_took_meanwhile_is_found_and_nothing_is_imported(owner, work):
    """Whoever saves it first has it: the file is checked again, and says so by its line."""
    builders.customer(owner.company, number="C-1")
    head = "invoice_number,customer_number,issue_date,due_date,item,quantity,unit_price,discount_percent\n"
    rows = "".join(f"{n},C-1,2026-03-02,2026-04-01,Labor,1,10,0\n" for n in range(MANY))
    file = (io.BytesIO((head + rows).encode()), "invoices.csv")
    page = owner.post("/invoices/import", {"file": file}).headers["Location"]
    owner.post(page)
    taken = text(
        "INSERT INTO invoices (company_id, customer_id, number, status, issue_date, due_date, discount_kind,"
        " discount_value, tax_rate, subtotal, discount_total, tax_total, total, paid_total, notes, created_at,"
        " updated_at) SELECT company_id, id, '500', 'draft', '2026-03-02', '2026-03-02', 'none', 0, 0, 0, 0, 0,"
        " 0, 0, '', created_at, created_at FROM customers"
    )
    somebody = iter([taken])

    def another_saves(*_: object, **__: object) -> None:
        """After the first hundred of the file."""
        for statement in somebody:
            with db.engine.begin() as connection:
                connection.execute(statement)

    with invoices_changed.connected_to(another_saves):
        work()
    assert db.session.scalars(select(Invoice.number)).all() == ["500"]
    assert "Line 502: An invoice with the number 500 exists already." in owner.get(page).text


def test_the_sweep_deletes_files_after_a_day_but_for_one_that_waits_for_a_worker(owner, work, clock):
    promised = confirmed(owner)
    file = (io.BytesIO(f"{HEADER}D-1,Ada,,,,,,,,\n".encode()), "customers.csv")
    owner.post("/customers/import", {"file": file})  # and nobody confirms it
    clock.advance(hours=24)
    running.sweep_imports()
    assert len(kept()) == 2
    clock.advance(seconds=1)
    running.sweep_imports()
    assert kept() == [int(promised.rsplit("/", 1)[1])]
    work()
    running.sweep_imports()
    assert (stored(), kept()) == (MANY, [])


def kept() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(CsvUpload.id).order_by(CsvUpload.id)))
