"""The password again, 15 minutes after it was typed, before what is dangerous."""

import pytest

from app.accounts.models import Invitation
from app.extensions import db
from tests.people import PASSWORD, Actor

QUICKBOOKS = "/settings/integrations/quickbooks"
ASKED = "Is it still you?"
INVITING = {"email": "bea@books.example", "role": "bookkeeper"}


@pytest.fixture
def later(owner: Actor, browser, clock):
    """Olivia's browser, 15 minutes after she signed in."""
    browser.sign_in()
    clock.advance(minutes=15)
    return browser


def test_right_after_signing_in_nothing_is_asked(owner: Actor, browser, clock):
    browser.sign_in()
    clock.advance(minutes=14)
    assert browser.post("/settings/team", INVITING).status_code == 303


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", f"{QUICKBOOKS}/connect"),
        ("GET", f"{QUICKBOOKS}/disconnect"),
        ("POST", f"{QUICKBOOKS}/disconnect"),
        ("POST", "/settings/team"),
        ("POST", "/settings/team/two-step"),
        ("POST", "/settings/team/1/role"),
        ("POST", "/settings/team/1/deactivate"),
        ("POST", "/settings/team/1/reactivate"),
        ("POST", "/settings/team/invitations/1/resend"),
        ("POST", "/settings/team/invitations/1/withdraw"),
        ("POST", "/profile/email"),
        ("GET", "/profile/two-step"),
        ("POST", "/profile/two-step/off"),
        ("POST", "/profile/two-step/codes"),
    ],
)
def test_what_asks(later, method: str, address: str):
    answer = later.get(address) if method == "GET" else later.post(address)
    assert ASKED in answer.text


def test_other_pages_do_not_ask(later):
    for page in ("/customers", "/settings/team", "/settings/company", QUICKBOOKS, "/profile"):
        assert ASKED not in later.get(page).text


def test_what_was_posted_goes_through_with_the_password(later):
    page = later.post("/settings/team", INVITING)
    assert page.status_code == 422
    for name, value in INVITING.items():
        assert f'name="{name}" value="{value}"' in page.text
    wrong = later.post("/settings/team", INVITING | {"confirm_password": "wrong"})
    assert "This is not your password" in wrong.text
    assert INVITING["email"] in wrong.text
    assert db.session.query(Invitation).count() == 0
    assert later.post("/settings/team", INVITING | {"confirm_password": PASSWORD}).status_code == 303
    assert db.session.query(Invitation).count() == 1
    assert ASKED not in later.post("/settings/team", INVITING).text


def test_a_link_goes_on_by_a_refresh_because_of_our_form_policy(later):
    page = later.get(f"{QUICKBOOKS}/connect")
    assert f'action="/confirm?next={QUICKBOOKS}/connect"' in page.text
    address = f"/confirm?next={QUICKBOOKS}/connect"
    assert "This is not your password" in later.post(address, {"confirm_password": "wrong"}).text
    answer = later.post(address, {"confirm_password": PASSWORD})
    assert (answer.status_code, answer.headers["Refresh"]) == (200, f"0; url={QUICKBOOKS}/connect")
    assert later.get(f"{QUICKBOOKS}/connect").status_code == 302


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "/\t/evil.example"])
def test_it_leads_nowhere_else(later, address: str):
    answer = later.post("/confirm", {"confirm_password": PASSWORD}, query_string={"next": address})
    assert answer.headers["Refresh"] == "0; url=/"


def test_guessing_is_slowed_down(later):
    answers = [later.post("/confirm", {"confirm_password": f"guess {number}"}).text for number in range(6)]
    assert ["Too many tries" in text for text in answers] == [False] * 5 + [True]
