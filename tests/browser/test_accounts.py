"""Joining, signing in with two steps, a forgotten password, and sessions that end elsewhere."""

import re
import time
from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from app.accounts.models import User, UserSession
from app.extensions import db
from devtools import intuit_window
from devtools.waiting import wait_until
from tests.browser.steps import open_intuit, open_quickbooks, sign_out, status_of
from tests.browser.traffic import first, hold
from tests.browser.workplace import Workplace
from tests.people import PASSWORD

NEW = "a quiet evening by the lake"


@pytest.fixture
def link_to(stack):
    """The link in the newest letter to an address, once the worker has sent it."""

    def found(address: str) -> str:
        def letters() -> list:
            return [letter for letter in stack.mailbox.letters if letter.recipient == address]

        wait_until(letters, f"a letter to {address}", seconds=40)
        return re.search(r"https?://\S+", letters()[-1].text)[0]

    return found


def enter(page: Page, email: str, password: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_somebody_is_invited_and_joins(workplace: Workplace, sign_in, new_page, link_to):
    guest = workplace.owner.replace("owner", "guest")
    page = sign_in(workplace.owner)
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("link", name="Team").click()
    page.get_by_label("E-mail").fill(guest)
    page.locator("#role").select_option("Bookkeeper")
    page.get_by_role("button", name="Send the invitation", exact=True).click()
    expect(page.locator("#team-invitations")).to_contain_text(guest)
    other = new_page()
    other.goto(link_to(guest))
    other.get_by_label("Your name").fill("Bea Lindgren")
    other.get_by_label("New password").press_sequentially("password1234")
    expect(other.locator("#password-strength")).to_contain_text("too common")
    other.get_by_role("button", name="Join").click()
    expect(other.locator("#new_password-note")).to_contain_text("too common")
    expect(other.get_by_label("Your name")).to_have_value("Bea Lindgren")
    other.get_by_label("New password").fill(NEW)
    other.get_by_role("button", name="Join").click()
    expect(other.locator("#navigation-person")).to_be_visible()
    other.wait_for_load_state()
    other.locator("#navigation-person").click()
    expect(other.get_by_text("Bea Lindgren · Bookkeeper")).to_be_visible()
    page.reload()
    expect(page.locator("#team-members")).to_contain_text("Bea Lindgren")
    expect(page.locator("#team-invitations")).to_have_count(0)


def test_a_form_on_its_way_asks_for_no_more_hints(workplace: Workplace, sign_in):
    """The answer to a new password may change the session, and with it the token that a late hint would bring."""
    page, asked = sign_in(workplace.owner), []
    page.goto("/profile")
    page.get_by_label("Present password").fill(PASSWORD)
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    held = hold(page, "**/profile/password")
    page.evaluate(
        """() => {
          const field = document.getElementById("new_password");
          field.value = "a quiet evening by the lake";
          field.dispatchEvent(new Event("input", { bubbles: true }));
          field.form.requestSubmit();
          return new Promise((done) => setTimeout(done, 400)); // the hint's own timer is over by then
        }"""
    )
    sent = first(page, held)
    assert asked == ["password"]
    sent.continue_()
    expect(page.get_by_text("password was changed")).to_be_visible()


def test_two_steps(workplace: Workplace, sign_in):
    page = sign_in(workplace.dispatcher)
    page.goto("/profile/two-step")
    page.get_by_text("You cannot scan it?").click()
    app = pyotp.TOTP(page.locator("details code").inner_text())
    page.locator("#code").fill(app.now())
    page.get_by_role("button", name="Turn on two-step sign-in").click()
    expect(page.locator(".recovery-codes li")).to_have_count(8)
    recovery = page.locator(".recovery-codes li").first.inner_text()
    sign_out(page)
    for code in (app.at(time.time() + 30), recovery):  # the present one was used already
        enter(page, workplace.dispatcher, PASSWORD)
        page.locator("#code").fill("000000")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("This code does not fit")).to_be_visible()
        page.locator("#code").fill(code)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/home")
        sign_out(page)


def test_a_forgotten_password(workplace: Workplace, new_page, link_to):
    page = new_page()
    page.goto("/sign-in")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail").fill(workplace.technician)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    page.goto(link_to(workplace.technician))
    page.get_by_label("New password").fill(NEW)
    page.get_by_role("button", name="Save and sign in").click()
    page.wait_for_url("**/home")
    sign_out(page)
    enter(page, workplace.technician, NEW)
    page.wait_for_url("**/home")


def test_a_session_is_ended_in_another_browser(workplace: Workplace, new_page):
    here, there = new_page(), new_page()
    for page in (here, there):
        enter(page, workplace.owner, PASSWORD)
        page.wait_for_url("**/home")
    here.goto("/profile")
    expect(here.locator("#sessions tbody tr")).to_have_count(2)
    here.get_by_role("button", name="Sign out Chrome on Linux").click()
    expect(here.locator("#sessions tbody tr")).to_have_count(1)
    there.goto("/invoices")
    expect(there.get_by_role("heading", name="Sign in to FSM Navigator")).to_be_visible()
    here.goto("/invoices")
    expect(here.get_by_role("heading", name="Invoices")).to_be_visible()


def test_a_stolen_cookie_is_worth_nothing_after_sign_out(workplace: Workplace, sign_in, new_page):
    page, thief = sign_in(workplace.owner), new_page()
    thief.context.add_cookies(page.context.cookies())
    thief.goto("/invoices")
    expect(thief.get_by_role("heading", name="Invoices")).to_be_visible()
    sign_out(page)
    thief.goto("/invoices")
    expect(thief.get_by_role("heading", name="Sign in to FSM Navigator")).to_be_visible()


def test_connecting_asks_for_the_password_again_in_its_own_window(workplace: Workplace, new_page):
    page = new_page()
    enter(page, workplace.owner, PASSWORD)
    page.wait_for_url("**/home")
    with workplace.app.app_context():
        of_owner = UserSession.user.has(User.email == workplace.owner)
        long_ago = UserSession.confirmed_at - timedelta(minutes=15)
        db.session.execute(update(UserSession).where(of_owner).values(confirmed_at=long_ago))
        db.session.commit()
    open_quickbooks(page)
    window = open_intuit(page)
    window.get_by_label("Password").fill(PASSWORD)
    window.get_by_role("button", name="Go on").click()
    intuit_window.agree(window, workplace.realm())
    expect(status_of(page, "Connection status")).to_have_text("Connected")
