"""Passwords: which are taken, how they are kept, how they are changed and chosen anew."""

import re
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
import zxcvbn
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import event, select
from werkzeug.security import generate_password_hash
from zxcvbn import matching

from app.accounts import password_hashes, password_rules
from app.accounts.models import OneTimeLink, User
from app.extensions import db
from app.mail import body
from app.mail.models import Message
from tests.accounts.test_joining import TOKEN
from tests.people import PASSWORD, Actor

NEW = "a quiet evening by the lake"
OWNER = ("Olivia Harper", "olive.tree@harbor.example")


@pytest.mark.parametrize(
    "password", [PASSWORD, NEW, "zdrmbqkkptwx", "Grüße aus Köln an alle", "x" * 8 + "vqzkwmtbj"]
)
def test_long_ones_are_taken_whatever_they_are_made_of(password: str):
    assert password_rules.problem(password, *OWNER) is None


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short enough"[:11], "at least 12"),
        ("v" * 129, "at most 128"),
        ("olivia likes summer rain", "your name"),
        ("the HARPER family boat", "your name"),
        ("under an old olive tree", "your name"),
        ("password1234", "too common"),
        ("qwertyuiop12", "too common"),
        ("aaaaaaaaaaaaaaaa", "too common"),
        ("123456789012", "too common"),
    ],
)
def test_others_are_refused_with_a_reason(password: str, why: str):
    assert why in password_rules.problem(password, *OWNER)


def test_a_short_name_is_part_of_too_many_words():
    assert password_rules.problem("seven dandelions at noon", "Dan Li", "dan@harbor.example") is None


def test_they_are_kept_as_argon2_and_old_ones_renewed(owner: Actor, browser):
    user = db.session.get_one(User, owner.user_id)
    user.password_hash = generate_password_hash(PASSWORD)
    db.session.commit()
    assert browser.sign_in().status_code == 303
    kept = db.session.get_one(User, owner.user_id).password_hash
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not password_hashes.is_outdated(kept)
    assert browser.sign_in(password="wrong").status_code == 303  # signed in already


@pytest.mark.parametrize("email", ["olivia@harbor.example", "nobody@harbor.example"])
def test_one_that_is_too_long_costs_what_a_wrong_one_does(owner: Actor, browser, monkeypatch, email: str):
    looked_at, verify = [], PasswordHasher.verify

    def count(hasher: PasswordHasher, kept: str, typed: str) -> bool:
        looked_at.append(len(typed))
        return verify(hasher, kept, typed)

    monkeypatch.setattr(PasswordHasher, "verify", count)
    for typed in ("wrong", "v" * 128, "v" * 129, PASSWORD + "v" * 2000):
        assert browser.sign_in(email, typed).status_code == 422
    assert looked_at == [5, 128, 0, 0]


SIGNS = "4@8({[<3691!|70$5+%2"


@pytest.mark.parametrize(
    "typed",
    [
        "a4@b8c({[<e3g69i!1|l!|o0s$5t+7x%z2" * 2,
        SIGNS * 4,
        "{[1|7+" * 12,
        "+[+17|[7{[1[1+1{|+1[1|[{+||[{[71|+7+[{1[",
        "1l|7" * 18,
        "a" * 16 + SIGNS * 2,
        f"@{SIGNS}" * 5,
    ],
)
def test_signs_that_can_be_letters_are_not_read_in_every_way(monkeypatch, typed: str):
    looked_up, match = [], matching.dictionary_match

    def count(text: str, *args: object, **options: object) -> list[dict]:
        looked_up.append(len(text) * (len(text) + 1) // 2)  # its parts, each looked up in every list
        return match(text, *args, **options)

    monkeypatch.setattr(matching, "dictionary_match", count)
    password_rules.strength(typed)
    assert sum(looked_up) < 50_000


@pytest.mark.parametrize("password", ["canadianmilitarytimesclub", "internationalizationmountains", SIGNS])
def test_words_and_signs_are_looked_at_as_far_as_they_tell(password: str):
    assert password_rules.problem(password) is None


def test_a_hint_looks_at_it_once(app: Flask, browser, monkeypatch):
    looked_at, look = [], zxcvbn.zxcvbn

    def count(text: str, **options: object) -> dict:
        looked_at.append(text)
        return look(text, **options)

    monkeypatch.setattr(zxcvbn, "zxcvbn", count)
    assert "Strong" in browser.post("/password-strength", {"new_password": NEW}).text
    assert looked_at == [NEW]


def test_who_asks_for_the_hint_too_often_gets_none(limited: Flask):
    typist = limited.test_client()
    for _ in range(30):
        assert "<meter" in typist.post("/password-strength", data={"new_password": "abc"}).text
    late = typist.post("/password-strength", data={"new_password": "abc"})
    assert late.status_code == 200  # an error would be told in a corner of the page
    assert 'id="password-strength"' in late.text
    assert "<meter" not in late.text


def test_the_hint_tells_while_it_is_typed(browser):
    def hint(typed: str) -> str:
        return browser.post("/password-strength", {"new_password": typed}).text

    assert "at least 12" in hint("abc")
    assert "too common" in hint("password1234")
    assert "Strong" in hint("glacier pumpkin under seven doors")
    assert "<meter" not in hint("")


def test_the_hint_comes_also_to_a_page_whose_token_is_outdated(app: Flask, browser, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    old = {"X-CSRFToken": "a-token-of-the-session-before"}
    hint = browser.post("/password-strength", {"new_password": "password1234"}, headers=old)
    assert hint.status_code == 200
    assert "too common" in hint.text
    assert browser.post("/forgot-password", {"email": "a@b.example"}, headers=old).status_code == 400


def change(person: Actor, **fields: str):
    return person.post("/profile/password", {"password": PASSWORD, "new_password": NEW} | fields)


def test_changing_it_asks_for_the_present_one(owner: Actor, letters):
    assert "This is not your password" in change(owner, password="wrong").text
    assert db.session.get_one(User, owner.user_id).has_password(PASSWORD)
    assert change(owner).status_code == 303
    assert db.session.get_one(User, owner.user_id).has_password(NEW)
    assert "The password was changed" in letters.letters_to("olivia@harbor.example")[-1].text


@pytest.mark.parametrize("new", ["short", "olivia at the harbor", ""])
def test_a_new_one_that_is_refused_is_told_beside_its_field(owner: Actor, new: str):
    answer = change(owner, new_password=new)
    assert answer.status_code == 422
    assert 'id="new_password-note"' in answer.text
    assert db.session.get_one(User, owner.user_id).has_password(PASSWORD)


def ask(browser, email: str):
    return browser.post("/forgot-password", {"email": email})


def test_a_link_chooses_a_new_one(owner: Actor, browser, letters):
    ask(browser, "Olivia@Harbor.example")
    link = letters.link_to("olivia@harbor.example")
    assert "Choose a new password" in browser.get(link).text
    assert browser.post(link, {"new_password": NEW}).status_code == 303
    assert browser.is_signed_in
    assert owner.get("/customers").status_code == 303  # signed out
    assert db.session.get_one(User, owner.user_id).has_password(NEW)


def test_a_link_works_once(owner: Actor, browser, new_browser, letters):
    ask(browser, "olivia@harbor.example")
    link = letters.link_to("olivia@harbor.example")
    browser.get(link), browser.get(link)  # looking does not use it
    browser.post(link, {"new_password": NEW})
    thief = new_browser()
    assert thief.get(link).status_code == 422
    assert "does not work any more" in thief.post(link, {"new_password": "another one entirely"}).text
    assert db.session.get_one(User, owner.user_id).has_password(NEW)


def test_a_link_works_for_an_hour(owner: Actor, browser, letters, clock):
    ask(browser, "olivia@harbor.example")
    link = letters.link_to("olivia@harbor.example")
    clock.advance(minutes=59)
    assert browser.get(link).status_code == 200
    clock.advance(minutes=1)
    assert browser.post(link, {"new_password": NEW}).status_code == 422


def test_a_newer_link_ends_the_one_before(owner: Actor, browser, letters):
    ask(browser, "olivia@harbor.example")
    first = letters.link_to("olivia@harbor.example")
    ask(browser, "olivia@harbor.example")
    assert letters.link_to("olivia@harbor.example") != first
    assert browser.get(first).status_code == 422


def test_known_and_unknown_addresses_get_the_same_answer(owner: Actor, browser, letters):
    known, unknown = ask(browser, "olivia@harbor.example"), ask(browser, "nobody@harbor.example")
    assert (known.status_code, unknown.status_code) == (200, 200)
    known_text, unknown_text = (TOKEN.sub("", answer.text) for answer in (known, unknown))
    assert known_text.replace("olivia@", "nobody@") == unknown_text
    assert letters.letters_to("nobody@harbor.example") == []


@pytest.fixture
def work(monkeypatch) -> Iterator[Counter]:
    """How often a letter is rendered and sealed, and which tables are written."""
    done = Counter()

    def note(*args: object) -> None:
        if found := re.match(r"(INSERT INTO|DELETE FROM) (one_time_links|mail_messages)", args[2]):
            done[found[0]] += 1

    for module, name in ((body, "render_template"), (body.secrets_box(), "seal")):
        monkeypatch.setattr(module, name, counted(done, name, getattr(module, name)))
    event.listen(db.engine, "before_cursor_execute", note)
    yield done
    event.remove(db.engine, "before_cursor_execute", note)


def counted(done: Counter, name: str, function: Callable) -> Callable:
    def call(*args: object, **options: object) -> object:
        done[name] += 1
        return function(*args, **options)

    return call


def test_known_and_unknown_addresses_cost_the_same_work(
    owner: Actor, dispatcher: Actor, browser, work, letters
):
    owner.post(f"/settings/team/{dispatcher.user_id}/deactivate")
    costs = []
    for email in ("olivia@harbor.example", "nobody@harbor.example", "dan@harbor.example"):
        work.clear()
        ask(browser, email)
        costs.append(dict(work))
    assert costs == [costs[0]] * 3
    assert costs[0]["render_template"] == 2
    assert costs[0]["seal"] == 1
    kept = db.session.scalars(select(OneTimeLink.email)).all()
    assert kept == ["olivia@harbor.example"]
    assert (
        db.session.scalars(select(Message.recipient).filter(Message.event.startswith("reset"))).all() == kept
    )
    assert letters.letters_to("nobody@harbor.example") == []


def test_nobodys_mailbox_is_flooded(owner: Actor, browser, letters):
    for _ in range(9):
        assert ask(browser, "olivia@harbor.example").status_code == 200
    assert len(letters.letters_to("olivia@harbor.example")) == 5


def test_whoever_is_deactivated_gets_no_link(owner: Actor, dispatcher: Actor, browser, letters):
    owner.post(f"/settings/team/{dispatcher.user_id}/deactivate")
    ask(browser, "dan@harbor.example")
    assert letters.letters_to("dan@harbor.example") == []


def test_a_link_of_another_purpose_chooses_no_password(app: Flask, owner: Actor, browser, letters):
    owner.post("/profile/email", {"email": "new@harbor.example"})
    secret = letters.link_to("new@harbor.example").rsplit("/", 1)[1]
    assert browser.post(f"/reset-password/{secret}", {"new_password": NEW}).status_code == 422
