"""Pictures of joining, signing in, the team and the profile: a part of bin/screenshots."""

import re

import pyotp
from playwright.sync_api import expect

from app.demo.company import PASSWORD
from devtools.screenshots.studio import Studio
from devtools.waiting import wait_until

LONG = "bartholomew.featherstonehaugh-montgomery@regional-hospital.example"
PICKED = "a quiet evening by the lake"


def doors(visitor: Studio) -> None:
    """What nobody needs an account for."""
    page = visitor.page
    visitor.take("sign-in", "/sign-in")
    page.get_by_label("Password").fill("wrong")
    page.get_by_label("E-mail").fill("nobody@harbor.example")
    page.get_by_role("button", name="Sign in").click()
    visitor.take("sign-in-refused")
    visitor.take("forgotten", "/forgot-password")
    page.get_by_label("E-mail").fill("dan@harbor.example")
    page.get_by_role("button", name="Send the link").click()
    visitor.take("link-sent")
    visitor.take("reset", _link_to(visitor, "dan@harbor.example"))
    page.get_by_label("New password").press_sequentially("password1234")
    expect(page.locator("#password-strength")).to_contain_text("too common")
    visitor.take("reset-weak")
    visitor.take("link-ended", "/reset-password/used")
    visitor.take("sign-up", "/sign-up")
    page.get_by_label("E-mail").fill("ada@elm.example")
    page.get_by_role("button", name="Send the link").click()
    visitor.take("sign-up-open", _link_to(visitor, "ada@elm.example"))
    page.get_by_label("Company name").fill("Elm Plumbing")
    page.get_by_label("Your name").fill("Ada Stone")
    page.get_by_label("New password").fill(PICKED)
    page.get_by_role("button", name="Open the company").click()
    page.wait_for_url("**/welcome")
    visitor.take("welcome")


def team(owner: Studio) -> None:
    page = owner.page
    for email, role in ((LONG, "Dispatcher"), ("olivia@harbor.example", "Owner")):
        page.goto("/settings/team")
        page.get_by_label("E-mail").fill(email)
        page.locator("#role").select_option(role)
        page.get_by_role("button", name="Send the invitation", exact=True).click()
    owner.take("team-refused")
    owner.take("team", "/settings/team")
    owner.take("join", _link_to(owner, LONG))


def profile(person: Studio) -> None:
    page = person.page
    person.take("profile", "/profile")
    page.goto("/profile/two-step")
    page.get_by_text("You cannot scan it?").click()
    person.take("two-step")
    page.locator("#code").fill(pyotp.TOTP(page.locator("details code").inner_text()).now())
    page.get_by_role("button", name="Turn on two-step sign-in").click()
    person.take("recovery-codes")
    person.take("two-step-on", "/profile/two-step")
    person.take("confirm", "/confirm?next=/profile")
    page.goto("/profile")
    page.evaluate("document.querySelector('#navigation form[action$=sign-out]').submit()")
    page.get_by_label("E-mail").fill("tess@harbor.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    person.take("code")


def _link_to(studio: Studio, address: str) -> str:
    def letters() -> list:
        return [letter for letter in studio.mailbox.letters if letter.recipient == address]

    wait_until(letters, f"a letter to {address}", seconds=40)
    return re.findall(r"https?://\S+", letters()[-1].text)[0]
