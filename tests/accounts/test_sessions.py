"""Sessions on the server's side: what ends them, and that a cookie alone is worth nothing."""

import pytest
from flask import Flask
from werkzeug.exceptions import Forbidden

from app.accounts import team
from app.accounts.models import Role, User, UserSession
from app.accounts.retention import forget_ended
from app.config import from_environment
from app.extensions import db
from tests.people import PASSWORD, Actor

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36"
NEW = "a quiet evening by the lake"


def stolen_from(browser, new_browser):
    """The same cookie in a thief's browser."""
    thief = new_browser()
    cookie = browser.client.get_cookie("session")
    thief.client.set_cookie("session", cookie.value)
    return thief


def test_a_stolen_cookie_is_worth_nothing_after_sign_out(owner: Actor, browser, new_browser):
    browser.sign_in()
    thief = stolen_from(browser, new_browser)
    assert thief.is_signed_in
    browser.post("/sign-out")
    assert not thief.is_signed_in


def test_a_refusal_in_the_log_names_the_person_and_not_the_secret(technician: Actor, caplog):
    with technician.client.session_transaction() as session:
        secret = session["_user_id"]
    assert technician.get("/invoices").status_code == 403
    assert f"Refused to user {technician.user_id}: GET invoices.index" in caplog.text
    assert secret not in caplog.text


def test_a_refusal_to_nobody_is_logged(app: Flask, caplog):
    with app.test_request_context("/invoices"):
        app.handle_http_exception(Forbidden())
    assert "Refused to user None: GET invoices.index" in caplog.text


def test_another_browser_stays_signed_in(owner: Actor, browser, new_browser):
    other = new_browser()
    browser.sign_in(), other.sign_in()
    browser.post("/sign-out")
    assert other.is_signed_in


def test_changing_the_password_ends_every_other_session(owner: Actor, browser, new_browser):
    other = new_browser()
    browser.sign_in(), other.sign_in()
    browser.post("/profile/password", {"password": PASSWORD, "new_password": NEW})
    assert browser.is_signed_in
    assert not other.is_signed_in


def test_deactivation_ends_every_session(owner: Actor, dispatcher: Actor, browser):
    browser.sign_in("dan@harbor.example")
    owner.post(f"/settings/team/{dispatcher.user_id}/deactivate")
    assert not browser.is_signed_in
    assert browser.sign_in("dan@harbor.example").status_code == 422


def test_a_row_that_a_deactivation_missed_opens_nothing(owner: Actor, dispatcher: Actor, clock):
    db.session.get_one(User, dispatcher.user_id).deactivated_at = clock.now()
    db.session.commit()
    assert dispatcher.get("/customers").status_code == 303


def test_a_new_role_counts_from_the_next_request(owner: Actor, dispatcher: Actor):
    assert dispatcher.get("/invoices").status_code == 200
    team.change_role(db.session.get_one(User, dispatcher.user_id), Role.TECHNICIAN)
    db.session.commit()
    assert dispatcher.get("/invoices").status_code == 403


def test_an_hour_without_use_ends_it(owner: Actor, browser, clock):
    browser.sign_in()
    clock.advance(minutes=59)
    assert browser.is_signed_in
    clock.advance(minutes=59)
    assert browser.is_signed_in
    clock.advance(minutes=60)
    assert not browser.is_signed_in


def test_what_a_page_fetches_by_itself_is_no_use(owner: Actor, browser, clock):
    browser.sign_in()
    for _ in range(2):
        clock.advance(minutes=30)
        answer = browser.get("/customers", headers={"HX-Request": "true"})
    assert "HX-Redirect" in answer.headers


def test_twelve_hours_end_it_however_busy(owner: Actor, browser, clock):
    browser.sign_in()
    for _ in range(23):
        clock.advance(minutes=30)
        assert browser.is_signed_in
    clock.advance(minutes=30)
    assert not browser.is_signed_in


def test_keep_me_signed_in_lasts_thirty_days(owner: Actor, browser, clock):
    answer = browser.sign_in(keep="y")
    assert "Expires=" in answer.headers["Set-Cookie"]
    clock.advance(days=29, hours=23)
    assert browser.is_signed_in
    clock.advance(hours=1)
    assert not browser.is_signed_in


def test_otherwise_the_cookie_ends_with_the_browser(owner: Actor, browser):
    assert "Expires=" not in browser.sign_in().headers["Set-Cookie"]


def test_the_cookie_is_bound_to_the_host_where_cookies_are_secure(settings: dict[str, str]):
    secure = from_environment(settings | {"SECURE_COOKIES": "1"})
    assert secure["SESSION_COOKIE_NAME"] == "__Host-session"
    assert secure["SESSION_COOKIE_SECURE"]
    assert from_environment(settings)["SESSION_COOKIE_NAME"] == "session"


def test_the_secret_of_a_session_is_not_kept(owner: Actor, browser):
    browser.sign_in()
    with browser.client.session_transaction() as session:
        secret = session["_user_id"]
    assert secret not in {row.digest for row in db.session.query(UserSession)}


def test_the_profile_lists_them_and_ends_one(owner: Actor, browser, new_browser):
    browser.sign_in()
    other = new_browser()
    other.post(
        "/sign-in",
        {"email": "olivia@harbor.example", "password": PASSWORD},
        headers={"User-Agent": CHROME},
        environ_base={"REMOTE_ADDR": "203.0.113.9"},
    )
    page = browser.get("/profile").text
    for words in ("This browser", "Chrome on Windows", "203.0.113.9"):
        assert words in page
    row = db.session.query(UserSession).filter_by(address="203.0.113.9").one()
    assert browser.post(f"/profile/sessions/{row.id}/end").status_code == 303
    assert not other.is_signed_in
    assert browser.is_signed_in


def test_all_others_end_at_once(owner: Actor, browser, new_browser):
    others = [new_browser() for _ in range(2)]
    for one in (browser, *others):
        one.sign_in()
    browser.post("/profile/sessions/end-others")
    assert browser.is_signed_in
    assert not any(other.is_signed_in for other in others)


def test_nobody_ends_somebody_elses(owner: Actor, dispatcher: Actor):
    row = db.session.query(UserSession).filter_by(user_id=owner.user_id).one()
    assert dispatcher.post(f"/profile/sessions/{row.id}/end").status_code == 404
    assert owner.get("/customers").status_code == 200


def test_rows_that_ran_out_are_forgotten(app: Flask, owner: Actor, browser, new_browser, clock):
    browser.sign_in()
    kept = new_browser()
    kept.sign_in(keep="y")
    clock.advance(hours=13)
    assert forget_ended() == 1
    assert kept.is_signed_in


@pytest.mark.parametrize("cookie", ["", "1", "guess"])
def test_a_made_up_cookie_opens_nothing(owner: Actor, browser, cookie: str):
    with browser.client.session_transaction() as session:
        session["_user_id"] = cookie
    assert not browser.is_signed_in
