"""The tabs of the QuickBooks pages: who sees which, and what each holds."""

import re

import pytest

from tests.accounts.test_company import FIELDS as COMPANY
from tests.people import Actor
from tests.quickbooks import builders

PAGE = "/settings/integrations/quickbooks"


@pytest.fixture
def connection(owner: Actor):
    return builders.connected(owner.company)


def tabs(actor: Actor, address: str = PAGE) -> list[str]:
    nav = actor.get(address).text.partition('aria-label="QuickBooks"')[2].partition("</nav>")[0]
    return re.findall(r">([^<>]+)</a>", nav)


def marked(actor: Actor, address: str) -> list[str]:
    nav = actor.get(address).text.partition('aria-label="QuickBooks"')[2].partition("</nav>")[0]
    return re.findall(r'aria-current="\w+">([^<]+)</a>', nav)


def test_each_role_sees_the_tabs_it_may_open(connection, owner: Actor, bookkeeper: Actor):
    assert tabs(owner) == [
        "Overview",
        "Activity",
        "Items",
        "Tax &amp; terms",
        "Matching",
        "Rehearsal",
        "Tie-out",
        "Settings",
    ]
    assert tabs(bookkeeper) == ["Overview", "Activity", "Matching", "Rehearsal", "Tie-out"]
    nav = bookkeeper.get(PAGE).text.partition('aria-label="QuickBooks"')[2].partition("</nav>")[0]
    for address in re.findall(r'href="([^"]+)"', nav):
        assert bookkeeper.get(address).status_code == 200


@pytest.mark.parametrize(
    ("address", "tab"),
    [
        (PAGE, "Overview"),
        (f"{PAGE}/activity", "Activity"),
        (f"{PAGE}/tax-and-terms", "Tax &amp; terms"),
        (f"{PAGE}/tie-out", "Tie-out"),
        (f"{PAGE}/preferences", "Settings"),
        (f"{PAGE}/payments", "Settings"),
        (f"{PAGE}/classes", "Settings"),
    ],
)
def test_the_present_tab_is_marked(connection, owner: Actor, address: str, tab: str):
    assert marked(owner, address) == [tab]


def test_settings_hold_preferences_disconnecting_and_the_pages_behind_them(connection, owner: Actor):
    page = owner.get(f"{PAGE}/preferences").text
    assert "Sync Preferences" in page
    for address in (f"{PAGE}/payments", f"{PAGE}/classes", f"{PAGE}/disconnect"):
        assert f'href="{address}"' in page
    assert "Sync Preferences</h2>" not in owner.get(PAGE).text


def test_a_refused_preference_comes_back_on_its_tab(quickbooks, owner: Actor):
    answer = owner.post(f"{PAGE}/preferences", {"income_account_id": "99999", "sync_customers": "y"})
    assert answer.status_code == 422
    assert "More settings" in answer.text


def test_activity_lists_what_was_decided_about_quickbooks_and_nothing_else(
    connection, owner: Actor, bookkeeper: Actor, stranger: Actor
):
    builders.connected(stranger.company, realm="9130350000000002")
    for actor in (owner, stranger):
        actor.post(f"{PAGE}/queue/sync")
        assert actor.post("/settings/company", COMPANY).status_code == 303
    everything = bookkeeper.get("/activity").text
    page = bookkeeper.get(f"{PAGE}/activity").text
    for text, here in (("Pressed Sync All Pending", 1), ("Changed the company&#39;s settings", 0)):
        assert (everything.count(text), page.count(text)) == (1, here), text
    assert "Download as CSV" not in page
    assert "All activity" in page


def test_without_a_connection_there_are_no_tabs(app, owner: Actor):
    for tab in ("activity", "preferences"):
        assert owner.get(f"{PAGE}/{tab}").headers["Location"].endswith(PAGE)
