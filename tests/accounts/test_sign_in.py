"""Signing in and out, and what a stranger learns from trying."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.people import PASSWORD, Actor

REFUSAL = "E-mail and password do not match"


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


def sign_in(
    browser: FlaskClient, email: str = "olivia@harbor.example", password: str = PASSWORD, query: str = ""
):
    return browser.post(f"/sign-in{query}", data={"email": email, "password": password})


def test_the_page_greets_strangers(browser: FlaskClient):
    page = browser.get("/sign-in")
    assert page.status_code == 200
    assert "Sign in to FSM Navigator" in page.text
    assert "Sign out" not in page.text


@pytest.mark.parametrize("email", ["olivia@harbor.example", " Olivia@HARBOR.example "])
def test_the_right_password_opens_the_session(browser: FlaskClient, owner: Actor, email: str):
    answer = sign_in(browser, email)
    assert (answer.status_code, answer.location) == (303, "/")
    assert browser.get("/").location == "/home"
    assert browser.get("/customers").status_code == 200


@pytest.mark.parametrize(
    ("email", "password"), [("olivia@harbor.example", "wrong"), ("nobody@harbor.example", PASSWORD)]
)
def test_a_wrong_password_and_an_unknown_email_read_the_same(
    browser: FlaskClient, owner: Actor, email: str, password: str
):
    answer = sign_in(browser, email, password)
    assert answer.status_code == 422
    assert REFUSAL in answer.text
    assert email in answer.text
    assert password not in answer.text
    assert browser.get("/customers").status_code == 303


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_looking_at_the_page_is_no_try(browser: FlaskClient, method: str):
    assert browser.open("/sign-in", method=method).status_code == 200


def test_missing_fields_are_named(browser: FlaskClient):
    answer = sign_in(browser, "", "")
    assert answer.status_code == 422
    assert "Enter your e-mail." in answer.text
    assert "Enter your password." in answer.text
    assert REFUSAL not in answer.text


def test_nothing_of_an_earlier_session_survives(browser: FlaskClient, owner: Actor):
    with browser.session_transaction() as session:
        session["planted"] = "by somebody else"
    sign_in(browser)
    with browser.session_transaction() as session:
        assert "planted" not in session
        assert "_user_id" in session


def test_one_goes_on_where_one_was(browser: FlaskClient, owner: Actor):
    answer = browser.get("/customers?q=elm")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/customers?q%3Delm")
    assert sign_in(browser, query="?next=/customers?q%3Delm").location == "/customers?q=elm"


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "evil"]
)
def test_a_forged_next_leads_home(browser: FlaskClient, owner: Actor, address: str):
    answer = browser.post(
        "/sign-in",
        query_string={"next": address},
        data={"email": "olivia@harbor.example", "password": PASSWORD},
    )
    assert answer.location == "/"


def test_an_expired_session_sends_the_whole_page_to_sign_in(browser: FlaskClient):
    answer = browser.get(
        "/customers?after=3",
        headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/customers?q=x"},
    )
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/customers?q%3Dx"


def test_a_refused_write_is_not_repeated_after_signing_in(browser: FlaskClient):
    assert browser.post("/customers/new").location == "/sign-in"


def test_a_refused_write_leads_back_to_its_form_and_says_that_nothing_was_saved(browser: FlaskClient):
    answer = browser.post("/customers/7/edit", headers={"Referer": "http://localhost/customers/7/edit?a=b"})
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/customers/7/edit?a%3Db")
    page = browser.get(answer.location).text
    assert "You were signed out, so nothing was saved" in page
    assert "Please sign in to go on" not in page


@pytest.mark.parametrize(
    "page",
    [
        "https://evil.example/customers",  # another site's
        "http://localhost//evil.example",
        "http://[::1",
        "http://localhost/sign-out",  # takes a post only
        "http://localhost/nothing/here",
    ],
)
def test_a_refused_write_leads_to_no_page_that_is_not_ours(browser: FlaskClient, page: str):
    assert browser.post("/customers/7/edit", headers={"Referer": page}).location == "/sign-in"


def test_a_refused_write_of_a_fragment_says_that_nothing_was_saved(browser: FlaskClient):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/customers?q=x"}
    answer = browser.post("/customers/7/edit", headers=headers)
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/customers?q%3Dx"
    assert "nothing was saved" in browser.get("/sign-in").text


def test_whoever_is_signed_in_needs_no_sign_in_page(owner: Actor):
    assert owner.get("/sign-in?next=/customers").location == "/customers"


def test_signing_out_ends_the_session(owner: Actor):
    assert owner.post("/sign-out").location == "/sign-in"
    assert owner.get("/customers").status_code == 303
    assert "You are signed out" in owner.get("/sign-in").text


def test_signing_out_takes_a_post(owner: Actor):
    assert owner.get("/sign-out").status_code == 405


@pytest.mark.parametrize("url", ["/sign-in?next=%00", "/customers?q=%00"])
def test_nul_characters_are_refused(owner: Actor, url: str):
    assert owner.get(url).status_code == 400


def test_guessing_is_slowed_down_but_signing_in_is_not(limited: Flask, owner: Actor):
    for _ in range(12):
        browser = limited.test_client()
        assert sign_in(browser).status_code == 303
    guesser = limited.test_client()
    answers = [sign_in(guesser, password=f"guess {number}").status_code for number in range(11)]
    assert answers == [422] * 10 + [429]
    refused = sign_in(guesser, password="guess")
    assert 1 <= int(refused.headers["Retry-After"]) <= 61  # flask-limiter rounds up and adds one
    assert sign_in(guesser).status_code == 429
