"""Two-step sign-in: an app's codes, recovery codes, and a company that asks for it."""

import re
from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest
from cryptography.fernet import Fernet
from flask import Flask

from app.accounts import two_step
from app.accounts.models import RecoveryCode, User
from app.extensions import db, secrets_box
from app.lib.secrets_box import SecretsBox
from tests.people import PASSWORD, Actor

PAGE = "/profile/two-step"
WRONG = "This code does not fit"


def code_of(secret: str, clock) -> str:
    return pyotp.TOTP(secret).at(clock.now())


def set_up(person: Actor, clock) -> tuple[str, list[str]]:
    """As a person does it: the app's secret and the recovery codes."""
    secret = re.search(r"<code[^>]*>([A-Z2-7]{32})</code>", person.get(PAGE).text)[1]
    answer = person.post(PAGE, {"code": code_of(secret, clock)})
    return secret, re.findall(r"<li><code>([^<]+)</code>", answer.text)


@pytest.fixture
def secret(owner: Actor, clock) -> str:
    found, _ = set_up(owner, clock)
    clock.advance(seconds=60)
    return found


def offered(page: str) -> str:
    """The picture and the key; the form's token is another in the next second."""
    return re.search(r'<div class="qr-code.*?</details>', page, re.DOTALL)[0]


def test_it_is_offered_as_a_picture_and_a_key(owner: Actor):
    page = owner.get(PAGE).text
    assert "<svg" in page
    assert "style=" not in page
    assert offered(page) == offered(owner.get(PAGE).text)  # the same secret, until it is used


def test_a_code_turns_it_on_and_recovery_codes_are_shown_once(owner: Actor, clock, letters):
    _, codes = set_up(owner, clock)
    assert len(set(codes)) == 8
    assert db.session.get_one(User, owner.user_id).has_two_step
    assert not [code for code in codes if code in owner.get(PAGE).text]
    assert "You have 8 recovery codes left." in owner.get(PAGE).text
    assert "was turned on" in letters.letters_to("olivia@harbor.example")[-1].text


def test_a_wrong_code_turns_nothing_on(owner: Actor):
    answer = owner.post(PAGE, {"code": "000000"})
    assert answer.status_code == 422
    assert WRONG in answer.text
    assert not db.session.get_one(User, owner.user_id).has_two_step


def test_neither_secret_nor_codes_are_readable_in_the_database(owner: Actor, clock):
    secret, _ = set_up(owner, clock)
    assert secret not in db.session.get_one(User, owner.user_id).sealed_totp_secret
    assert all(row.code_hash.startswith("$argon2id$") for row in db.session.query(RecoveryCode))


def test_the_password_alone_opens_nothing(owner: Actor, secret: str, browser):
    assert browser.sign_in().location == "/sign-in/code"
    assert not browser.is_signed_in
    assert "Enter your code" in browser.get("/sign-in/code").text


def test_the_code_opens(owner: Actor, secret: str, browser, clock):
    browser.post("/sign-in?next=/invoices", {"email": "olivia@harbor.example", "password": PASSWORD})
    answer = browser.post("/sign-in/code?next=/invoices", {"code": code_of(secret, clock)})
    assert answer.location == "/invoices"
    assert browser.is_signed_in


@pytest.mark.parametrize("typed", ["000000", "", "12", "²²²²²²", "abcd-efgh-jkmn", "x" * 41])
def test_another_code_does_not(owner: Actor, secret: str, browser, typed: str):
    browser.sign_in()
    assert browser.post("/sign-in/code", {"code": typed}).status_code == 422
    assert not browser.is_signed_in


def test_a_phone_may_be_half_a_minute_off_and_no_more(owner: Actor, secret: str, clock):
    code = code_of(secret, clock)
    clock.advance(seconds=30)
    assert two_step.fits(secret, code)
    clock.advance(seconds=30)
    assert two_step.fits(secret, code) is None


def test_no_code_is_taken_twice(owner: Actor, secret: str, browser, new_browser, clock):
    onlooker, code = new_browser(), code_of(secret, clock)
    browser.sign_in(), onlooker.sign_in()
    assert browser.post("/sign-in/code", {"code": code}).status_code == 303
    assert WRONG in onlooker.post("/sign-in/code", {"code": code}).text


def test_of_two_at_once_one_gets_in(app: Flask, owner: Actor, secret: str, clock):
    code = code_of(secret, clock)

    def taken(_: int) -> bool:
        with app.app_context():
            is_taken = two_step.take(db.session.get_one(User, owner.user_id), code)
            db.session.commit()
            return is_taken

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(taken, range(4))) == 1


def test_a_recovery_code_opens_once(owner: Actor, browser, clock):
    _, codes = set_up(owner, clock)
    browser.sign_in()
    assert browser.post("/sign-in/code", {"code": f" {codes[3].upper()} "}).status_code == 303
    browser.post("/sign-out")
    browser.sign_in()
    assert WRONG in browser.post("/sign-in/code", {"code": codes[3]}).text
    assert "You have 7 recovery codes left." in owner.get(PAGE).text


def test_new_codes_replace_the_old_ones(owner: Actor, browser, clock):
    _, codes = set_up(owner, clock)
    page = owner.post(f"{PAGE}/codes").text
    assert len(re.findall(r"<li><code>", page)) == 8
    browser.sign_in()
    assert browser.post("/sign-in/code", {"code": codes[0]}).status_code == 422


def test_guessing_codes_is_slowed_down(owner: Actor, secret: str, browser, clock):
    browser.sign_in()
    answers = [browser.post("/sign-in/code", {"code": f"00000{number}"}).text for number in range(6)]
    assert ["too many tries" in text for text in answers] == [False] * 5 + [True]
    assert "too many tries" in browser.post("/sign-in/code", {"code": code_of(secret, clock)}).text


def test_the_second_step_waits_ten_minutes(owner: Actor, secret: str, browser, clock):
    browser.sign_in()
    clock.advance(minutes=10, seconds=1)
    assert browser.post("/sign-in/code", {"code": code_of(secret, clock)}).location == "/sign-in"


def test_a_new_password_ends_what_was_begun_with_the_old_one(owner: Actor, secret: str, browser, clock):
    browser.sign_in()
    new = "a quiet evening by the lake"
    assert owner.post("/profile/password", {"password": PASSWORD, "new_password": new}).status_code == 303
    assert browser.post("/sign-in/code", {"code": code_of(secret, clock)}).location == "/sign-in"
    assert not browser.is_signed_in
    browser.sign_in(password=new)
    assert browser.post("/sign-in/code", {"code": code_of(secret, clock)}).location == "/"


def test_a_sign_in_that_was_begun_before_this_was_kept_begins_anew(owner: Actor, secret: str, browser, clock):
    browser.sign_in()
    with browser.client.session_transaction() as session:
        begun = session["signing_in"]
        kept = db.session.get_one(User, owner.user_id).password_hash
        assert not [part for part in kept.split("$")[3:] if part in str(begun)]
        session["signing_in"] = {name: begun[name] for name in ("user", "is_kept", "until")}
    assert browser.post("/sign-in/code", {"code": code_of(secret, clock)}).location == "/sign-in"


def test_a_new_password_by_link_still_asks_for_the_code(owner: Actor, secret: str, browser, letters):
    letters.letters_to("olivia@harbor.example")  # the notice of the two steps arrives first
    browser.post("/forgot-password", {"email": "olivia@harbor.example"})
    link = letters.link_to("olivia@harbor.example")
    answer = browser.post(link, {"new_password": "a quiet evening by the lake"})
    assert answer.location == "/sign-in/code"
    assert not browser.is_signed_in


def test_it_can_be_turned_off(owner: Actor, secret: str, browser):
    owner.post(f"{PAGE}/off")
    assert browser.sign_in().location == "/"
    assert db.session.query(RecoveryCode).count() == 0


def test_a_company_may_require_it(owner: Actor, dispatcher: Actor, clock):
    owner.post("/settings/team/two-step", {"required": "1"})
    assert dispatcher.get("/customers").location == PAGE
    assert dispatcher.post("/customers/new", {"name": "Ada"}).location == PAGE
    assert dispatcher.htmx("GET", "/invoices").headers["HX-Redirect"] == PAGE
    set_up(dispatcher, clock)
    assert dispatcher.get("/customers").status_code == 200
    assert owner.get("/customers").location == PAGE, "the Owner too"
    set_up(owner, clock)
    assert owner.get("/customers").status_code == 200


def test_whoever_owes_it_may_still_sign_out(owner: Actor, dispatcher: Actor):
    owner.post("/settings/team/two-step", {"required": "1"})
    assert dispatcher.post("/sign-out").location == "/sign-in"


def test_an_operator_helps_who_lost_everything(app: Flask, owner: Actor, secret: str, browser, letters):
    letters.letters_to("olivia@harbor.example")  # the notice of turning it on arrives first
    turn_off = app.test_cli_runner().invoke
    assert "password alone" in turn_off(args=["turn-off-two-step", "olivia@harbor.example"]).output
    assert browser.sign_in().location == "/"
    assert "An operator turned off" in letters.letters_to("olivia@harbor.example")[-1].text
    assert turn_off(args=["turn-off-two-step", "olivia@harbor.example"]).exit_code == 1


def test_a_code_seals_the_secret_anew_so_that_old_keys_can_go(owner: Actor, secret: str, browser, clock):
    before = db.session.get_one(User, owner.user_id).sealed_totp_secret
    browser.sign_in()
    browser.post("/sign-in/code", {"code": code_of(secret, clock)})
    after = db.session.get_one(User, owner.user_id).sealed_totp_secret
    assert after != before
    assert secrets_box().open(after) == secret


def test_a_recovery_code_seals_it_anew_too(owner: Actor, browser, clock):
    secret, codes = set_up(owner, clock)
    before = db.session.get_one(User, owner.user_id).sealed_totp_secret
    browser.sign_in()
    browser.post("/sign-in/code", {"code": codes[0]})
    after = db.session.get_one(User, owner.user_id).sealed_totp_secret
    assert after != before
    assert secrets_box().open(after) == secret


def sealed_with_a_key_that_went() -> str:
    return SecretsBox([Fernet.generate_key().decode()]).seal("JBSWY3DPEHPK3PXP")


def test_a_secret_that_no_key_opens_is_said_and_recovery_codes_go_on(owner: Actor, browser, clock):
    _, codes = set_up(owner, clock)
    db.session.get_one(User, owner.user_id).sealed_totp_secret = sealed_with_a_key_that_went()
    db.session.commit()
    browser.sign_in()
    answer = browser.post("/sign-in/code", {"code": "123456"})
    assert answer.status_code == 422
    assert "can no longer be checked" in answer.text
    assert "the secret cannot be opened" in owner.get("/activity").text
    assert browser.post("/sign-in/code", {"code": codes[0]}).status_code == 303
    assert browser.post(f"{PAGE}/off").status_code == 303


def test_an_offered_secret_that_no_key_opens_is_made_anew(owner: Actor, clock):
    with owner.client.session_transaction() as session:
        session["two_step_secret"] = sealed_with_a_key_that_went()
    assert owner.post(PAGE, {"code": "123456"}).status_code == 422
    _, codes = set_up(owner, clock)
    assert len(codes) == 8
