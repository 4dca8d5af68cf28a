"""Guessing at one account is slowed down from wherever it comes, and the right person has a way on."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from app.accounts import password_hashes, throttle
from tests.people import PASSWORD, Actor

SLOWED = "There were too many tries for this account."


def guess(browser, number: int, email: str = "olivia@harbor.example"):
    return browser.post(
        "/sign-in",
        {"email": email, "password": f"guess {number}"},
        environ_base={"REMOTE_ADDR": f"203.0.113.{number}"},
    )


@pytest.fixture
def guessed(owner: Actor, browser):
    for number in range(5):
        assert SLOWED not in guess(browser, number).text
    return browser


def test_from_other_addresses_too(guessed):
    answer = guess(guessed, 6)
    assert answer.status_code == 422
    assert "Try again in 1 minute," in answer.text


def test_the_right_password_waits_too_and_then_opens(guessed, clock):
    assert SLOWED in guessed.sign_in().text
    clock.advance(seconds=60)
    assert guessed.sign_in().status_code == 303


def test_another_account_is_not_slowed(guessed, dispatcher: Actor):
    assert guessed.sign_in("dan@harbor.example").status_code == 303


def test_the_pauses_grow_to_a_quarter_of_an_hour(guessed, clock):
    waits = []
    for number in range(6):
        minutes = 0
        while SLOWED in guess(guessed, number).text:
            clock.advance(minutes=1)
            minutes += 1
        waits.append(minutes)
    assert waits == [1, 2, 5, 15, 15, 15]


def test_redis_may_be_wiped(guessed, app: Flask):
    app.extensions["redis"].flushall()
    assert SLOWED in guess(guessed, 6).text


def test_signing_in_forgets_the_tries(guessed, clock):
    clock.advance(minutes=1)
    guessed.sign_in()
    guessed.post("/sign-out")
    for number in range(5):
        assert SLOWED not in guess(guessed, number).text


def test_a_day_forgets_them(guessed, clock):
    clock.advance(days=1, seconds=1)
    for number in range(5):
        assert SLOWED not in guess(guessed, number).text


def test_an_unknown_address_is_slowed_alike(browser, owner: Actor):
    answers = [SLOWED in guess(browser, number, "nobody@harbor.example").text for number in range(7)]
    assert answers == [False] * 5 + [True] * 2


def test_the_reset_link_is_a_way_on(guessed, letters):
    guessed.post("/forgot-password", {"email": "olivia@harbor.example"})
    answer = guessed.post(
        letters.link_to("olivia@harbor.example"), {"new_password": "a quiet evening by the lake"}
    )
    assert answer.status_code == 303
    assert guessed.is_signed_in


def test_a_hundred_at_once_are_a_hundred_tries(app: Flask, owner: Actor):
    def tried(_: int) -> bool:
        with app.app_context():
            try:
                throttle.count_try("olivia@harbor.example")
            except throttle.TooManyTries:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(tried, range(100))) == 5


def test_tries_are_counted_before_the_password_is_looked_at(guessed, clock, monkeypatch):
    looked_at, fits = [], password_hashes.fits

    def look(kept: str, password: str) -> bool:
        looked_at.append(password)
        return fits(kept, password)

    monkeypatch.setattr(password_hashes, "fits", look)
    assert SLOWED in guessed.sign_in().text
    assert looked_at == []
    clock.advance(seconds=60)
    assert guessed.sign_in().status_code == 303
    assert looked_at == [PASSWORD]
