"""A long list becomes a file in a worker: complete, within its company, for a day."""

import csv
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from app.csv_export import asking, running
from app.csv_export.models import CsvExport
from app.extensions import db, redis
from app.invoices.listing import export
from app.invoices.models import Invoice, InvoiceStatus
from app.job_threads import rq_worker
from devtools.waiting import wait_until
from tests.invoices import builders
from tests.locks import somebody_waits
from tests.people import Actor

ROOT = Path(__file__).parents[2]
MANY = 7


@pytest.fixture
def many(owner: Actor, monkeypatch: pytest.MonkeyPatch) -> list[Invoice]:
    """More invoices than leave at once."""
    monkeypatch.setattr(export, "ROWS_AT_ONCE", MANY - 1)
    bakery = builders.customer(owner.company, "Bakery")
    return [builders.invoice(bakery, status=InvoiceStatus.SENT) for _ in range(MANY)]


@pytest.fixture
def work(app: Flask) -> Callable[[], None]:
    def burst() -> None:
        db.session.rollback()
        rq_worker(app).work(burst=True, logging_level="ERROR")

    return burst


def asked(person: Actor, query: str = "?sort=number") -> str:
    return person.post(f"/invoices/exports{query}").headers["Location"]


def numbers_in(answer) -> list[str]:
    return [row["Number"] for row in csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))]


def test_a_short_list_leaves_at_once(owner, many, monkeypatch):
    monkeypatch.setattr(export, "ROWS_AT_ONCE", MANY)
    assert len(numbers_in(owner.get("/invoices/invoices.csv"))) == MANY
    assert "invoices.csv" in owner.get("/invoices").text


def test_a_long_one_is_asked_for_by_a_button(owner, many):
    assert "invoices/exports?sort=number" in owner.get("/invoices?sort=number").text
    page = owner.get("/invoices/invoices.csv?sort=number").text
    assert f"This list has {MANY} invoices" in page
    assert "/invoices/exports?sort=number" in page


def test_a_worker_makes_it_and_the_page_leads_to_it(dispatcher, many, work):
    page = asked(dispatcher)
    assert "is being made" in dispatcher.get(page).text
    assert dispatcher.get(f"{page}/invoices.csv").headers["Location"] == page
    work()
    assert f"{MANY} invoices, as they were" in dispatcher.get(page).text
    assert page in dispatcher.get("/invoices").text
    file = dispatcher.get(f"{page}/invoices.csv")
    assert numbers_in(file) == [one.number for one in many]
    assert "attachment; filename=invoices-2026-03-02.csv" in file.headers["Content-Disposition"]


def test_it_holds_what_the_address_asks_for(owner, many, work):
    builders.invoice(builders.customer(owner.company, "Library"), status=InvoiceStatus.SENT)
    page = asked(owner, "?q=library&view=open")
    work()
    assert len(numbers_in(owner.get(f"{page}/invoices.csv"))) == 1


def test_asking_again_leads_to_the_one_that_is_being_made(owner, dispatcher, many, work):
    page = asked(owner)
    assert asked(owner) == page
    assert asked(owner, "?sort=due") != page
    assert asked(dispatcher) != page
    work()
    assert asked(owner) != page  # the list may be another one by now


def test_nobody_elses_company_finds_it(owner, technician, stranger, many, work):
    page = asked(owner)
    work()
    for address in (page, f"{page}/invoices.csv"):
        assert stranger.get(address).status_code == 404
        assert technician.get(address).status_code == 403


def test_it_is_kept_for_a_day(owner, many, work, clock):
    page = asked(owner)
    work()
    clock.advance(hours=23)
    running.sweep_exports()
    assert owner.get(f"{page}/invoices.csv").status_code == 200
    clock.advance(hours=1)
    assert owner.get(f"{page}/invoices.csv").status_code == 404
    running.sweep_exports()
    assert db.session.query(CsvExport).count() == 0


def test_a_company_asks_for_so_many_a_day(owner, many, monkeypatch):
    monkeypatch.setattr(asking, "MOST_KEPT", 1)
    asked(owner)
    assert asked(owner, "?sort=due") == "/invoices"
    assert "asked for 1 files" in owner.get("/invoices").text


def test_the_sweep_finds_what_lost_its_job(owner, many, work):
    page = asked(owner)
    redis().flushall()
    assert len(running.sweep_exports()) == 1
    work()
    assert len(numbers_in(owner.get(f"{page}/invoices.csv"))) == MANY
    assert running.sweep_exports() == []


def test_a_worker_that_is_killed_leaves_it_to_the_next(owner, many, settings, work):
    page = asked(owner)
    with db.engine.connect() as holder:
        holder.execute(text("LOCK TABLE invoices IN ACCESS EXCLUSIVE MODE"))
        process = subprocess.Popen([sys.executable, "worker.py"], cwd=ROOT, env={**os.environ, **settings})
        try:
            wait_until(somebody_waits, "it is in the middle of the file")
        finally:
            process.kill()
            process.wait()
        holder.rollback()

    def made() -> bool:
        """PostgreSQL may take a moment to notice that the first one is gone."""
        redis().flushall()
        running.sweep_exports()
        work()
        return "Your file is ready" in owner.get(page).text

    wait_until(made, "another worker has made it")
    assert len(numbers_in(owner.get(f"{page}/invoices.csv"))) == MANY


def test_what_kills_every_worker_is_given_up(owner, many, work):
    page = asked(owner)
    db.session.query(CsvExport).update({"tries": running.MOST_TRIES})
    db.session.commit()
    work()
    assert "could not be made" in owner.get(page).text
    assert running.sweep_exports() == []
