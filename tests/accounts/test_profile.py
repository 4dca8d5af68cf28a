"""One's own account: name, time zone, a new address."""

import pytest

from app.accounts.models import User
from app.extensions import db
from tests.people import Actor

NEW = "olivia@new.example"


def test_name_and_time_zone(owner: Actor):
    assert owner.post("/profile", {"name": "Olivia H.", "time_zone": "Asia/Tokyo"}).status_code == 303
    page = owner.get("/profile").text
    assert "Olivia H." in page
    assert "9:00 PM" in page  # noon UTC there: the session was seen
    owner.post("/profile", {"name": "Olivia H.", "time_zone": ""})
    assert "7:00 AM" in owner.get("/profile").text  # the company's


@pytest.mark.parametrize(
    ("field", "typed"), [("name", ""), ("name", "x" * 121), ("time_zone", "Mars/Olympus")]
)
def test_bad_input_is_told_beside_its_field(owner: Actor, field: str, typed: str):
    answer = owner.post("/profile", {"name": "Olivia", "time_zone": ""} | {field: typed})
    assert answer.status_code == 422
    assert f'id="{field}-note"' in answer.text


def test_a_new_address_counts_once_it_is_confirmed(owner: Actor, browser, letters):
    owner.post("/profile/email", {"email": NEW})
    assert db.session.get_one(User, owner.user_id).email == "olivia@harbor.example"
    link = letters.link_to(NEW)
    browser.get(link)
    assert db.session.get_one(User, owner.user_id).email == "olivia@harbor.example"
    assert browser.post(link).status_code == 303
    assert db.session.get_one(User, owner.user_id).email == NEW
    assert f"is now {NEW}" in letters.letters_to("olivia@harbor.example")[-1].text
    assert browser.sign_in(NEW).status_code == 303
    assert browser.post(link).status_code == 422


def test_the_old_address_is_told_what_it_can_still_do(owner: Actor, browser, letters):
    """A new password can no longer be had there: its link goes to the new address."""
    owner.post("/profile/email", {"email": NEW})
    browser.post(letters.link_to(NEW))
    letter = letters.letters_to("olivia@harbor.example")[-1]
    for body in (letter.text, letter.html):
        assert "tell an Owner of Harbor Heating at once" in " ".join(body.split())
        assert "forgot-password" not in body


def test_a_new_address_ends_every_other_session(owner: Actor, browser, new_browser, letters):
    """Who changed it from a browser that was left open is out, and so is everybody else."""
    browser.sign_in()
    elsewhere = new_browser()
    elsewhere.sign_in()
    owner.post("/profile/email", {"email": NEW})
    assert elsewhere.is_signed_in
    browser.post(letters.link_to(NEW))
    assert browser.is_signed_in
    assert not elsewhere.is_signed_in
    assert owner.get("/profile").location.startswith("/sign-in")


def test_confirmed_in_a_browser_of_nobody_every_session_ends(owner: Actor, stranger: Actor, letters):
    owner.post("/profile/email", {"email": NEW})
    stranger.post(letters.link_to(NEW))
    assert owner.get("/profile").location.startswith("/sign-in")
    assert stranger.get("/profile").status_code == 200


def test_an_address_that_somebody_has_cannot_be_taken(owner: Actor, stranger: Actor, letters, browser):
    assert owner.post("/profile/email", {"email": "sam@summit.example"}).status_code == 303
    assert browser.post(letters.link_to("sam@summit.example")).status_code == 422
    assert db.session.get_one(User, owner.user_id).email == "olivia@harbor.example"


def test_nobodys_mailbox_is_flooded_from_any_number_of_browsers(owner: Actor, letters, clock):
    """Five letters, then with the pauses of everything that is tried."""

    def ask(number: int):
        address = {"REMOTE_ADDR": f"203.0.113.{number}"}
        return owner.post("/profile/email", {"email": f"victim{number}@other.example"}, environ_base=address)

    assert [ask(number).status_code for number in range(5)] == [303] * 5
    refused = ask(5)
    assert refused.status_code == 422
    assert 'id="email-note"' in refused.text
    assert "Several links were sent already. Try again in 1 min." in refused.text
    assert "victim5@other.example" in refused.text
    assert letters.letters_to("victim5@other.example") == []
    clock.advance(minutes=1)
    assert ask(6).status_code == 303


def test_a_bad_address_is_told(owner: Actor):
    assert 'id="email-note"' in owner.post("/profile/email", {"email": "olivia"}).text


@pytest.mark.parametrize("who", ["dispatcher", "bookkeeper", "technician"])
def test_everybody_has_one(request: pytest.FixtureRequest, who: str):
    assert request.getfixturevalue(who).get("/profile").status_code == 200
