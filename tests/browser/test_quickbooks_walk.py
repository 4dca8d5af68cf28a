"""The help page's steps, in a real browser, with its words on the screen."""

import pytest
from playwright.sync_api import expect

from app.accounts.models import Plan
from tests.browser.conftest import AUTOMATED_TAX, US
from tests.browser.steps import agree_at_intuit, connect, open_menu, open_quickbooks, row


def test_connect_in_a_window_and_watch_the_first_sync(workplace, sign_in):
    workplace.add_customers("Casco Bay Brewing", "Dubé & Fils Bakery")
    page = sign_in(workplace.owner)
    connect(page, workplace)
    expect(page.locator("#quickbooks-panel")).to_contain_text("Sandbox Company US 1")
    expect(page.locator("#quickbooks-panel")).to_contain_text("Sandbox")
    expect(page.locator("#quickbooks-queue")).to_contain_text("Queue empty", timeout=30_000)
    assert {customer["DisplayName"] for customer in workplace.books("Customer")} == {
        "Casco Bay Brewing",
        "Dubé & Fils Bakery",
    }
    page.reload()
    expect(page.locator("#quickbooks-panel")).not_to_contain_text("Never")


def test_cancel_at_intuit_changes_nothing(workplace, sign_in):
    page = sign_in(workplace.owner)
    open_quickbooks(page)
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Connect to QuickBooks").click()
    agree_at_intuit(popup.value, workplace, decision="cancel")
    expect(popup.value.get_by_role("heading")).to_contain_text("QuickBooks was not connected")
    popup.value.get_by_role("button", name="Close this window").click()
    expect(page.get_by_role("status")).to_contain_text("closed before QuickBooks was connected")
    expect(page.locator("#quickbooks-panel")).to_contain_text("Disconnected")


def test_a_blocked_window_is_explained_and_there_is_a_way_on(workplace, sign_in):
    page = sign_in(workplace.owner)
    open_quickbooks(page)
    page.evaluate("window.open = () => null")
    page.get_by_role("link", name="Connect to QuickBooks").click()
    expect(page.get_by_role("status")).to_contain_text("Your browser blocked the window")
    page.get_by_role("link", name="go on in this window").click()
    agree_at_intuit(page, workplace)
    page.get_by_role("link", name="Go to the QuickBooks page").click()
    expect(page.locator("#quickbooks-panel")).to_contain_text("Connected")


def test_one_invoice_from_its_row(workplace, sign_in):
    workplace.add_invoices("HH-1")
    page = sign_in(workplace.owner)
    page.goto("/invoices")
    entry = open_menu(page, "HH-1").get_by_role("button", name="Sync to QuickBooks")
    expect(entry).to_be_disabled()
    entry.locator("..").hover()
    expect(page.get_by_role("tooltip")).to_contain_text("Settings → Integrations → QuickBooks")
    connect(page, workplace)
    page.goto("/invoices")
    open_menu(page, "HH-1").get_by_role("button", name="Sync to QuickBooks").click()
    expect(row(page, "HH-1")).to_contain_text("In QuickBooks", timeout=30_000)
    assert workplace.books("Invoice")[0]["DocNumber"] == "HH-1"
    expect(open_menu(page, "HH-1")).to_contain_text("Force re-sync")


def test_a_failed_item_says_why_and_is_retried(workplace, sign_in):
    page = sign_in(workplace.owner)
    connect(page, workplace)
    workplace.control(
        "POST",
        "scripts",
        effect="fault",
        operation="customer.create",
        code="2050",
        message="Too long",
        times=1,
    )
    workplace.add_customers("Rivera HVAC")
    queue = page.locator("#quickbooks-queue")
    page.reload()
    expect(queue).to_contain_text("Errors — review the highlighted items", timeout=30_000)
    expect(queue).to_contain_text("Customer Rivera HVAC")
    queue.get_by_role("button", name="Retry").click()
    expect(queue).to_contain_text("Queue empty", timeout=30_000)


def test_items_in_backoff_are_announced(workplace, sign_in):
    page = sign_in(workplace.owner)
    connect(page, workplace)
    workplace.control(
        "POST", "scripts", effect="fault", operation="customer.create", code="10000", message="Sorry", times=1
    )
    workplace.add_customers("Rivera HVAC")
    page.reload()
    queue = page.locator("#quickbooks-queue")
    expect(queue).to_contain_text("1 item pending retry — items are in backoff", timeout=30_000)
    queue.get_by_role("button", name="Sync All Pending").click()
    expect(queue).to_contain_text("1 item pending retry")


def test_preferences_disconnect_and_another_company(workplace, sign_in):
    workplace.add_customers("Casco Bay Brewing")
    page = sign_in(workplace.owner)
    connect(page, workplace)
    expect(page.locator("#quickbooks-queue")).to_contain_text("Queue empty", timeout=30_000)
    page.get_by_label("Invoices").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#flashes")).to_contain_text("Sync Preferences saved.")
    expect(page.get_by_label("Invoices")).not_to_be_checked()
    page.get_by_role("link", name="Disconnect").click()
    expect(page.get_by_role("heading")).to_contain_text("Disconnect QuickBooks?")
    page.get_by_role("button", name="Disconnect").click()
    expect(page.locator("#quickbooks-panel")).to_contain_text("Disconnected")
    before = len(workplace.books("Customer", AUTOMATED_TAX))
    connect(page, workplace, AUTOMATED_TAX)
    expect(page.locator("#quickbooks-queue")).to_contain_text("Queue empty", timeout=30_000)
    assert len(workplace.books("Customer", US)) == 1
    assert len(workplace.books("Customer", AUTOMATED_TAX)) == before + 1


def test_a_dispatcher_may_push_and_nothing_more(workplace, sign_in):
    workplace.add_invoices("HH-1")
    connect(sign_in(workplace.owner), workplace)
    page = sign_in(workplace.dispatcher)
    page.goto("/invoices")
    open_menu(page, "HH-1").get_by_role("button", name="Sync to QuickBooks").click()
    expect(row(page, "HH-1")).to_contain_text("In QuickBooks", timeout=30_000)
    assert page.get_by_role("button", name="Settings").count() == 0
    page.goto("/settings/integrations/quickbooks")
    expect(page.get_by_role("heading")).to_contain_text("You do not have access to this")


def test_a_technician_sees_neither_invoices_nor_settings(workplace, sign_in):
    page = sign_in(workplace.technician)
    assert page.get_by_role("link", name="Invoices").count() == 0
    page.goto("/invoices")
    expect(page.get_by_role("heading")).to_contain_text("You do not have access to this")


def test_the_free_plan_shows_what_it_would_do(hired, sign_in):
    page = sign_in(hired(Plan.FREE).owner)
    open_quickbooks(page)
    expect(page.locator("main")).to_contain_text("QuickBooks sync is part of Pro and Enterprise")
    page.get_by_role("link", name="See plans and pricing").click()
    expect(page.get_by_role("heading", name="Plan", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    "address", ["/customers", "/invoices", "/settings/integrations", "/settings/integrations/quickbooks"]
)
def test_no_page_scrolls_sideways(workplace, sign_in, width: int, address: str):
    workplace.add_invoices("HH-1")
    page = sign_in(workplace.owner, width)
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
