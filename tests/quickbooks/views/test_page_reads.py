"""Reads are a budget of all companies: how often the pages and the runs of one may ask QuickBooks."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from limits import RateLimitItemPerDay

from app import create_app
from app.accounts.models import Plan
from app.config import from_environment
from app.extensions import db, limiter, now
from app.quickbooks.account import page_reads
from app.quickbooks.rehearsal.models import Rehearsal
from app.quickbooks.tie_out.models import TieOut
from tests.quickbooks import builders

QUICKBOOKS = "/settings/integrations/quickbooks"
ITEMS, CLASSES = f"{QUICKBOOKS}/items", f"{QUICKBOOKS}/classes"
OFTEN = "Your company has looked at QuickBooks 20 times within a minute. Try again in a minute."


@pytest.fixture
def limited(app: Flask, settings: dict[str, str]) -> Iterator[None]:
    """Presses are counted, as in production. Behind fixtures that drain: these make apps without limits."""
    create_app(from_environment({**settings, "RATELIMIT_ENABLED": "1"}), migrates=False)
    yield
    limiter.enabled = False  # it is shared by every app of this process


@pytest.fixture
def bill(quickbooks, owner):
    record = builders.invoice(builders.customer(owner.company), lines=(("Duct tape", "1", "2"),))
    quickbooks.drain()
    return record


def calls(quickbooks) -> int:
    return len(quickbooks.simulator.calls())


def looks(owner, times: int) -> None:
    for _ in range(times):
        assert owner.get(ITEMS).status_code == 200


def test_all_pages_of_a_company_look_twenty_times_a_minute(quickbooks, owner, bill, limited):
    looks(owner, 20)
    before = calls(quickbooks)
    assert OFTEN in owner.get(ITEMS).text
    assert OFTEN in owner.get(f"/invoices/{bill.id}/quickbooks/preview").text
    assert OFTEN in owner.htmx("GET", f"/invoices/{bill.id}/quickbooks/preview").text
    for path, fields in (
        ("read-again", {"page": "classes"}),
        ("terms", {"terms": "net_60"}),
        ("items/first", {}),
    ):
        assert OFTEN in owner.post(f"{QUICKBOOKS}/{path}", fields, follow_redirects=True).text, path
    assert calls(quickbooks) == before


def test_try_now_says_so_too(quickbooks, owner, bill, limited):
    looks(owner, 20)
    before = calls(quickbooks)
    assert OFTEN in owner.htmx("POST", f"{QUICKBOOKS}/queue/try").headers["HX-Trigger"]
    assert OFTEN in owner.post(f"{QUICKBOOKS}/queue/try", follow_redirects=True).text
    assert calls(quickbooks) == before


def test_try_now_is_part_of_the_plan(quickbooks, owner):
    owner.company.plan = Plan.FREE
    db.session.commit()
    before = calls(quickbooks)
    assert owner.post(f"{QUICKBOOKS}/queue/try").status_code == 303
    assert calls(quickbooks) == before


def test_a_choice_of_items_that_comes_too_often_is_still_there(quickbooks, owner, bill, limited):
    page = owner.get(ITEMS).text
    field = re.search(r'name="(item-[^"]+)"', page)[1]
    looks(owner, 19)
    answer = owner.post(ITEMS, {field: "Hours"})
    assert answer.status_code == 422
    assert OFTEN in answer.text
    assert "Nothing has been saved yet." in answer.text
    assert re.search(rf'name="{field}"[^>]* value="Hours"', answer.text)


def test_another_company_has_its_own(quickbooks, owner, stranger, bill, limited):
    for _ in range(20):
        page_reads.take_look(stranger.company_id)
    looks(owner, 1)
    with pytest.raises(page_reads.Enough):
        page_reads.take_look(stranger.company_id)


def test_a_day_has_an_end(quickbooks, owner, bill, limited, monkeypatch):
    monkeypatch.setattr(page_reads, "REQUESTS", RateLimitItemPerDay(3))
    before = calls(quickbooks)
    for _ in range(5):
        page = owner.get(ITEMS).text
    assert calls(quickbooks) == before + 3
    assert "pages have asked QuickBooks 3 times within a day" in page
    builders.edit_invoice(bill, notes="Gate code 4711")
    quickbooks.drain()
    quickbooks.in_order(bill)


@pytest.mark.parametrize(
    ("path", "runs"), [("tie-out", TieOut), ("rehearsal", Rehearsal)], ids=["tie-out", "rehearsal"]
)
def test_a_run_is_started_twenty_times_a_day(quickbooks, limited, owner, path, runs):
    for _ in range(20):
        owner.post(f"{QUICKBOOKS}/{path}")
        db.session.query(runs).update({"state": "failed", "finished_at": now()})
        db.session.commit()
    count = db.session.query(runs).count()
    said = "This was started 20 times within a day"
    assert said in owner.htmx("POST", f"{QUICKBOOKS}/{path}").headers["HX-Trigger"]
    assert said in owner.post(f"{QUICKBOOKS}/{path}", follow_redirects=True).text
    assert db.session.query(runs).count() == count


def test_earlier_invoices_are_looked_for_twenty_times_a_day(quickbooks, limited, owner):
    for _ in range(20):
        owner.post(f"{QUICKBOOKS}/earlier/look")
        quickbooks.connection.earlier_asked_at = None
        db.session.commit()
    page = owner.post(f"{QUICKBOOKS}/earlier/look", follow_redirects=True).text
    assert "This was started 20 times within a day" in page
    db.session.refresh(quickbooks.connection)
    assert quickbooks.connection.earlier_asked_at is None


def test_without_redis_nobody_is_refused(owner, limited, settings):
    create_app(
        from_environment({**settings, "RATELIMIT_ENABLED": "1", "REDIS_URL": "redis://127.0.0.1:1/0"}),
        migrates=False,
    )
    for _ in range(21):
        page_reads.take_look(owner.company_id)
