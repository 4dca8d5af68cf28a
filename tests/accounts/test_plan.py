"""Settings → Plan: an owner moves the company; nothing is billed."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.accounts.events import plan_changed
from app.accounts.models import Plan
from app.accounts.plans import change_plan
from tests.people import Actor


@pytest.fixture
def announced() -> Iterator[list[int]]:
    heard: list[int] = []

    def listen(company_id: int, **_: Any) -> None:
        heard.append(company_id)

    with plan_changed.connected_to(listen):
        yield heard


def test_the_page_shows_three_plans_and_which_is_current(owner: Actor):
    page = owner.get("/settings/plan").text
    assert "is on the <strong>Pro</strong> plan" in page
    assert page.count("Current plan") == 1
    for words in ("Change to Free", "Change to Enterprise", "QuickBooks Online", "Bulk import"):
        assert words in page
    assert "Change to Pro" not in page


def test_an_owner_changes_the_plan(owner: Actor, announced: list[int]):
    answer = owner.post("/settings/plan", {"plan": "free"})
    assert (answer.status_code, answer.location) == (303, "/settings/plan")
    assert owner.company.plan is Plan.FREE
    assert announced == [owner.company_id]
    assert "Your company is on the Free plan." in owner.get("/settings/plan").text


def test_staying_on_a_plan_announces_nothing(owner: Actor, announced: list[int]):
    change_plan(owner.company, Plan.PRO)
    assert announced == []


@pytest.mark.parametrize("plan", ["gold", ""])
def test_an_unknown_plan_is_refused(owner: Actor, plan: str):
    assert owner.post("/settings/plan", {"plan": plan}).status_code == 400
    assert owner.company.plan is Plan.PRO


@pytest.mark.parametrize("person", ["dispatcher", "technician"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_only_owners_see_or_change_it(request: pytest.FixtureRequest, person: str, method: str):
    actor: Actor = request.getfixturevalue(person)
    assert actor.open(method, "/settings/plan", data={"plan": "free"}).status_code == 403
    assert actor.company.plan is Plan.PRO
    assert "/settings/plan" not in actor.get("/customers").text


def test_strangers_are_sent_to_sign_in(app):
    assert app.test_client().post("/settings/plan", data={"plan": "free"}).location == "/sign-in"
