"""How a company begins: by an operator or by the sign-up page, and what its Owner is asked first."""

import re

import pytest
from flask import Flask

from app import create_app
from app.accounts.models import Company, Currency, Plan, User
from app.config import from_environment
from app.extensions import db
from app.mail.models import Message
from tests.people import Actor

FIELDS = {"company_name": "Elm Plumbing", "name": "Ada Stone", "new_password": "a quiet evening by the lake"}
ADA = "ada@elm.example"
TOKEN = re.compile(r'"X-CSRFToken": "[^"]+"')  # it says the second in which it was made


def test_signing_up_opens_a_company_on_free(app: Flask, browser, letters):
    assert ADA in browser.post("/sign-up", {"email": "Ada@Elm.example"}).text
    link = letters.link_to(ADA)
    assert ADA in browser.get(link).text
    assert browser.post(link, FIELDS).status_code == 303
    owner = db.session.query(User).filter_by(email=ADA).one()
    assert (owner.is_owner, owner.company.name, owner.company.plan) == (True, "Elm Plumbing", Plan.FREE)
    assert browser.post(link, FIELDS).status_code == 422


def test_the_owner_is_asked_for_time_zone_and_currency_before_anything_else(browser, letters):
    browser.post("/sign-up", {"email": ADA})
    browser.post(letters.link_to(ADA), FIELDS)
    for page in ("/customers", "/settings/company", "/profile"):
        assert browser.get(page).location == "/welcome"
    assert 'id="currency-note"' in browser.post("/welcome", {"time_zone": "Europe/London"}).text
    browser.post("/welcome", {"time_zone": "Europe/London", "currency": "GBP"})
    assert browser.get("/customers").status_code == 200
    company = db.session.query(Company).filter_by(name="Elm Plumbing").one()
    assert (company.time_zone, company.currency) == ("Europe/London", Currency.GBP)
    assert browser.get("/welcome").location == "/"


def test_an_address_with_an_account_gets_the_same_answer_and_another_letter(owner: Actor, browser, letters):
    known = browser.post("/sign-up", {"email": "olivia@harbor.example"})
    unknown = browser.post("/sign-up", {"email": "nobody@harbor.example"})
    told = (TOKEN.sub("", answer.text) for answer in (known, unknown))
    assert next(told).replace("olivia@", "nobody@") == next(told)
    assert "You have an account" in letters.letters_to("olivia@harbor.example")[-1].subject


def test_bad_input_is_told_beside_its_field(browser, letters):
    browser.post("/sign-up", {"email": ADA})
    link = letters.link_to(ADA)
    for field in FIELDS:
        answer = browser.post(link, FIELDS | {field: ""})
        assert answer.status_code == 422
        assert f'id="{field}-note"' in answer.text
    assert 'id="email-note"' in browser.post("/sign-up", {"email": "ada"}).text


@pytest.mark.parametrize("closed", [{"SIGN_UP": "0"}, {"MAIL_URL": ""}])
def test_it_can_be_switched_off_and_needs_mail(app: Flask, settings: dict[str, str], closed: dict[str, str]):
    elsewhere = create_app(
        {**from_environment(settings | closed), "TESTING": True, "WTF_CSRF_ENABLED": False}
    )
    client = elsewhere.test_client()
    assert client.get("/sign-up").status_code == 404
    assert client.post("/sign-up", data={"email": ADA}).status_code == 404
    assert client.get("/sign-up/secret").status_code == 404
    assert "/sign-up" not in client.get("/sign-in").text


def test_an_operator_makes_a_company(app: Flask, browser, letters):
    told = (
        app.test_cli_runner()
        .invoke(args=["create-company", "Elm Plumbing", ADA, "--plan", "enterprise"])
        .output
    )
    link = letters.link_to(ADA)
    assert link in told
    browser.post(link, {"name": "Ada Stone", "new_password": FIELDS["new_password"]})
    assert browser.get("/customers").location == "/welcome"
    owner = db.session.query(User).filter_by(email=ADA).one()
    assert (owner.is_owner, owner.company.plan) == (True, Plan.ENTERPRISE)


def test_an_operator_is_told_that_the_address_has_an_account(app: Flask, owner: Actor):
    made = app.test_cli_runner().invoke(args=["create-company", "Elm", "olivia@harbor.example"])
    assert made.exit_code == 1
    assert "already has an account" in made.output
    assert db.session.query(Company).count() == 1


def test_nobodys_mailbox_is_flooded(browser, mailbox, app):
    for _ in range(8):
        assert browser.post("/sign-up", {"email": ADA}).status_code == 200
    assert db.session.query(Message).filter_by(recipient=ADA).count() == 5
