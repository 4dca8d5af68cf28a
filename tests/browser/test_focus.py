"""Whoever works with the keyboard never lands at the top of the page: every swap of every page keeps the focus."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.extensions import db
from app.quickbooks.models import SyncTask, TaskState
from devtools.waiting import wait_until
from tests.browser.steps import PUSHED, connect, row
from tests.browser.workplace import Workplace

QUICKBOOKS = "/settings/integrations/quickbooks"
ADDRESSES = [
    *("/customers", "/customers/new", "/invoices", "/invoices/new", "/activity"),
    *(QUICKBOOKS, f"{QUICKBOOKS}/items", f"{QUICKBOOKS}/tie-out"),
]

FEWEST = 45  # swaps that are judged; a poll may take one or two away

# Notes on the page itself that a swap has settled. A dialog counts when it is shown, with the focus in it.
NOTING = """
    const note = () => { document.documentElement.dataset.swap = "settled"; };
    document.addEventListener("htmx:afterSettle", ({ target }) => target.closest("#dialog") || note());
    document.addEventListener("shown.bs.modal", note);
"""

# One element of each sort that starts a request; what differs by its record alone is the same sort.
TRIGGERS = """() => {
    const seen = new Set(), found = [];
    const starts = "a[hx-get], button[hx-get], button[hx-post], form[hx-post] button:not([type=button])";
    for (const element of document.querySelectorAll(starts)) {
        const menu = element.closest(".dropdown-menu");
        const isThere = menu ? menu.closest(".dropdown").checkVisibility() : element.checkVisibility();
        if (!isThere || element.disabled || element.tabIndex < 0) continue;
        const name = element.getAttribute("aria-label") || element.textContent;
        const sort = [name.trim().replace(/[0-9]+/g, "#"), element.name, Boolean(menu)].join("|");
        if (seen.has(sort)) continue;
        seen.add(sort);
        element.dataset.trigger = found.length;
        found.push(sort);
    }
    return found;
}"""


# In one step, before a poll can swap what it is in.
FOCUS = f"""place => {{
    ({TRIGGERS})();
    const element = document.querySelector(`[data-trigger="${{place}}"]`);
    const menu = element?.closest(".dropdown-menu")?.closest(".dropdown");
    const toggle = menu?.querySelector("[data-bs-toggle=dropdown]");
    if (toggle) bootstrap.Dropdown.getOrCreateInstance(toggle).show();
    element?.focus();
    return Boolean(element);
}}"""


@pytest.fixture
def busy(workplace: Workplace, sign_in) -> Page:
    """Pages of customers and invoices, QuickBooks connected, and a customer that it refused."""
    page = sign_in(workplace.owner)
    workplace.add_customers(*(f"Customer {place:02}" for place in range(30)))
    workplace.add_invoices(*(f"HH-{place:02}" for place in range(30)))
    workplace.add_draft()
    connect(page, workplace)
    wait_until(lambda: states(workplace) == {TaskState.SYNCED}, "what was there is sent", seconds=60)
    workplace.next_answer("customer.create", code="2050")
    workplace.add_customers("Refused by QuickBooks")
    wait_until(lambda: TaskState.ERROR in states(workplace), "QuickBooks refuses it", seconds=60)
    page.context.add_init_script(NOTING)
    return page


def states(workplace: Workplace) -> set[TaskState]:
    found = []
    workplace.write(
        lambda company: found.extend(
            db.session.scalars(
                select(SyncTask.state).join(SyncTask.connection).filter_by(company_id=company.id)
            )
        )
    )
    return set(found)


def test_every_swap_of_every_page_keeps_the_focus(busy: Page):
    busy.goto("/invoices")
    row(busy, "HH-29").get_by_role("link", name="HH-29", exact=True).click()
    busy.wait_for_url("**/invoices/*")
    kept = {
        f"{address}: {sort}": kept
        for address in (busy.url, *ADDRESSES)
        for sort, kept in kept_on(busy, address).items()
    }
    assert [sort for sort, keeps in kept.items() if keeps is False] == []
    judged = [sort for sort, keeps in kept.items() if keeps is not None]
    assert len(judged) >= FEWEST, judged


def kept_on(page: Page, address: str) -> dict[str, bool | None]:
    """By sort of trigger, whether the focus is kept on this page, which has something that starts a request."""
    page.goto(address)
    sorts = page.evaluate(TRIGGERS)
    assert sorts, address
    return {sort: keeps_focus(page, address, place) for place, sort in enumerate(sorts)}


def keeps_focus(page: Page, address: str, place: int) -> bool | None:
    """The request is started from the keyboard; a dialog is closed again with Escape. None: not judged."""
    page.goto(address)
    page.wait_for_load_state()
    if not page.evaluate(FOCUS, place):  # it is done by now, and offered no more
        return None
    page.evaluate("document.documentElement.dataset.swap = 'awaited'")
    page.keyboard.press("Enter")
    expect(page.locator("html")).not_to_have_attribute("data-swap", "awaited")
    if page.locator("html[data-swap]").count() == 0:
        return None  # another page, read from its top
    if page.locator("#dialog.show").count():
        expect(page.locator("#dialog")).to_contain_text(" ")
        assert page.evaluate("document.getElementById('dialog').contains(document.activeElement)")
        page.keyboard.press("Escape")
        expect(page.locator("#dialog")).to_be_hidden()
    try:
        expect(page.locator(":focus")).to_have_count(1)  # a dialog gives it back when it is gone
    except AssertionError:
        return False
    return True


def test_a_poll_closes_no_menu(workplace: Workplace, sign_in):
    workplace.add_invoices("HH-1")
    page = sign_in(workplace.owner)
    connect(page, workplace)
    workplace.control("POST", "settings", latency_ms=4000)
    page.goto("/invoices")
    row(page, "HH-1").get_by_role("button", name="Actions for HH-1").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(row(page, "HH-1").locator("[data-quickbooks]")).to_have_text("Queued")
    expect(row(page, "HH-1").get_by_role("button", name="Actions for HH-1")).to_be_focused()
    page.keyboard.press("Enter")
    workplace.control("POST", "settings", latency_ms=0)
    expect(row(page, "HH-1").locator("[data-quickbooks]")).to_have_text("In QuickBooks", timeout=PUSHED)
    menu = row(page, "HH-1").locator(".dropdown-menu")
    expect(menu).to_contain_text("Sync queued")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(menu).to_contain_text("Force re-sync")
    expect(row(page, "HH-1").get_by_role("button", name="Actions for HH-1")).to_be_focused()
