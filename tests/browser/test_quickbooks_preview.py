"""Force re-sync in a dialog: both sides, then overwrite or leave; and leaving an invoice out of QuickBooks."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from devtools.stack import Stack
from tests.browser.steps import PUSHED, action, connect, open_menu, open_quickbooks, queue, row
from tests.browser.traffic import first, hear_out, hold
from tests.browser.workplace import Workplace


@pytest.fixture
def page(workplace: Workplace, sign_in) -> Page:
    """At the list of invoices; HH-1 is in QuickBooks, where somebody renumbered it since."""
    page = sign_in(workplace.owner)
    connect(page, workplace)
    workplace.add_invoices("HH-1")
    page.goto("/invoices")
    expect(badge(page)).to_have_text("In QuickBooks", timeout=PUSHED)
    workplace.bookkeeper_renumbers("HH-1", "QB-77")
    return page


@pytest.fixture
def without_script(browser: Browser, stack: Stack) -> Iterator[Callable[[Page], Page]]:
    """The same person in a browser that runs no scripts."""
    contexts = []

    def opened(page: Page) -> Page:
        known = page.context.storage_state()
        context = browser.new_context(base_url=stack.web_url, java_script_enabled=False, storage_state=known)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def badge(page: Page) -> Locator:
    return row(page, "HH-1").locator("[data-quickbooks]")


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def force(page: Page) -> Locator:
    open_menu(page, "HH-1").get_by_role("link", name="Force re-sync").click()
    expect(dialog(page)).to_contain_text("Somebody changed this invoice in QuickBooks")
    return dialog(page)


def numbers(workplace: Workplace) -> list[str]:
    return [invoice["DocNumber"] for invoice in workplace.books("Invoice")]


def test_it_shows_both_sides_and_overwrites(workplace, page):
    shown = force(page)
    expect(shown.get_by_role("row", name="Number")).to_contain_text("HH-1 QB-77 Different")
    expect(shown.get_by_role("row", name="Total").get_by_text("Different")).to_have_count(0)
    shown.get_by_role("button", name="Overwrite in QuickBooks").click()
    expect(shown).to_be_hidden()
    expect(badge(page)).to_have_text("In QuickBooks", timeout=PUSHED)
    assert numbers(workplace) == ["HH-1"]


def test_closed_while_it_is_read_it_stays_closed(page):
    held = hold(page, "**/quickbooks/preview*")  # QuickBooks takes its time
    open_menu(page, "HH-1").get_by_role("link", name="Force re-sync").click()
    expect(dialog(page)).to_contain_text("Reading the invoice in QuickBooks")
    page.keyboard.press("Escape")
    with page.expect_request_finished():
        first(page, held).continue_()
    page.unroute("**/quickbooks/preview*")
    hear_out(page)
    expect(dialog(page)).to_be_hidden()
    expect(page.get_by_role("button", name="Actions for HH-1")).to_be_focused()
    force(page)


def test_leaving_it_marks_the_row_until_it_is_overwritten(workplace, page):
    force(page).get_by_role("button", name="Leave it and mark as different").click()
    expect(dialog(page)).to_be_hidden()
    expect(badge(page)).to_have_text("Different")
    badge(page).locator("[data-bs-toggle=tooltip]").hover()
    expect(page.get_by_role("tooltip")).to_contain_text("number HH-1 here, QB-77 in QuickBooks")
    assert numbers(workplace) == ["QB-77"]
    page.get_by_role("link", name="HH-1", exact=True).click()
    page.wait_for_url("**/invoices/*")
    panel = page.locator("section").filter(has=page.get_by_role("heading", name="QuickBooks"))
    expect(panel).to_contain_text("Left different by")
    panel.get_by_role("link", name="Force re-sync").click()
    dialog(page).get_by_role("button", name="Overwrite in QuickBooks").click()
    expect(panel).to_contain_text("This invoice is in QuickBooks.", timeout=PUSHED)
    assert numbers(workplace) == ["HH-1"]


def test_closing_it_changes_nothing_and_it_reads_anew_each_time(workplace, page):
    force(page).get_by_role("link", name="Close").click()
    expect(dialog(page)).to_be_hidden()
    workplace.bookkeeper_renumbers("QB-77", "QB-78")
    expect(force(page)).to_contain_text("QB-78")
    expect(dialog(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog(page)).to_be_hidden()
    expect(page.get_by_role("button", name="Actions for HH-1")).to_be_focused()
    expect(badge(page)).to_have_text("In QuickBooks")


def test_an_edit_here_waits_for_the_decision_in_the_queue(workplace, page):
    workplace.edit_invoice("HH-1", number="HH-2")
    open_quickbooks(page)
    expect(queue(page)).to_contain_text("the number from HH-1 to QB-77", timeout=PUSHED)
    queue(page).get_by_role("link", name="Retry").click()
    dialog(page).get_by_role("button", name="Overwrite in QuickBooks").click()
    expect(queue(page)).to_contain_text("Queue empty", timeout=PUSHED)
    assert numbers(workplace) == ["HH-2"]


def test_when_quickbooks_is_out_it_says_so_and_queues(workplace, page):
    workplace.control("POST", "scripts", effect="html", operation="invoice.read", status=503)
    open_menu(page, "HH-1").get_by_role("link", name="Force re-sync").click()
    expect(dialog(page)).to_contain_text("QuickBooks cannot be read just now")
    dialog(page).get_by_role("button", name="Queue it").click()
    expect(badge(page)).to_have_text(
        "Changed there", timeout=PUSHED
    )  # somebody has to look: it was renumbered
    assert numbers(workplace) == ["QB-77"]


def test_without_script_the_same_is_a_page(workplace, page, without_script):
    plain = without_script(page)
    plain.goto("/invoices")
    plain.get_by_role("link", name="Force re-sync").click()
    expect(plain.get_by_role("row", name="Number")).to_contain_text("QB-77")
    plain.get_by_role("button", name="Leave it and mark as different").click()
    expect(badge(plain)).to_have_text("Different")


def test_an_invoice_is_left_out_and_taken_back(workplace, page):
    page.get_by_role("link", name="HH-1", exact=True).click()
    page.wait_for_url("**/invoices/*")
    page.get_by_role("link", name="Leave out").click()
    dialog(page).get_by_role("button", name="Leave out").click()
    expect(dialog(page).get_by_label("Reason")).to_be_focused()
    dialog(page).get_by_label("Reason").fill("billed by our old system")
    dialog(page).get_by_role("button", name="Leave out").click()
    expect(page.get_by_text("billed by our old system.")).to_be_visible()
    page.goto("/invoices")
    expect(badge(page)).to_have_text("Left out")
    expect(action(page, "HH-1", "Sync to QuickBooks")).to_be_enabled()
    open_quickbooks(page)
    left_out = page.locator("#quickbooks-left-out")
    expect(left_out).to_contain_text("Left out by")
    left_out.get_by_role("button", name="Take back and send Invoice HH-1").click()
    expect(left_out).to_have_count(0)
