"""A page that stayed open: how long it can still be saved."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from itsdangerous import timed

from app.accounts.models import Terms
from app.accounts.sessions import LONGEST_KEPT
from app.extensions import db
from tests.people import PASSWORD, Actor

PAGE = "/settings/company"
FIELDS = {
    "name": "Harbor Heating & Air",
    "time_zone": "America/New_York",
    "currency": "USD",
    "invoice_prefix": "INV",
    "tax_rate": "0",
    "payment_terms": Terms.NET_30.value,
}


@pytest.fixture(autouse=True)
def _tokens(app: Flask, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)


def token(page: str) -> str:
    return re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)[1]


def test_it_saves_as_long_as_its_session_lasts(owner: Actor, monkeypatch):
    form = FIELDS | {"csrf_token": token(owner.get(PAGE).text)}
    moment = timed.time.time() + (LONGEST_KEPT - timedelta(days=1)).total_seconds()
    monkeypatch.setattr(timed, "time", type("Later", (), {"time": staticmethod(lambda: moment)}))
    assert owner.post(PAGE, form).status_code == 303
    assert owner.company.name == FIELDS["name"]


def test_one_of_an_earlier_sign_in_saves_nothing_and_says_why(owner: Actor, browser):
    def sign_in():
        page = browser.get("/sign-in").text
        browser.sign_in("olivia@harbor.example", PASSWORD, csrf_token=token(page))

    sign_in()
    form = FIELDS | {"csrf_token": token(browser.get(PAGE).text)}
    browser.post("/sign-out", {"csrf_token": form["csrf_token"]})
    sign_in()
    answer = browser.post(PAGE, form)
    assert answer.status_code == 400
    assert "Nothing was saved. You signed in or out since the page was opened" in answer.text
    assert "eload" not in answer.text  # that would post the same again
    db.session.expire_all()
    assert owner.company.name == "Harbor Heating"
