"""The help page from its first step to its last: connect, preferences, status, disconnect, another account."""

import re
from contextlib import suppress

from playwright.sync_api import Error, expect

from app.accounts.models import Plan
from devtools import intuit_window
from tests.browser.steps import (
    PUSHED,
    connect,
    connect_and_wait,
    disconnect,
    open_intuit,
    open_quickbooks,
    open_tab,
    queue,
    status_of,
)
from tests.browser.workplace import AUTOMATED_TAX, US


def test_connect_in_a_window_and_watch_the_first_sync(workplace, sign_in):
    workplace.add_customers("Casco Bay Brewing", "Dubé & Fils Bakery")
    page = sign_in(workplace.owner)
    open_quickbooks(page)
    expect(status_of(page, "Connection status")).to_have_text("Disconnected")
    expect(status_of(page, "Last sync")).to_have_text("Never")
    window = open_intuit(page)
    expect(page.locator("#quickbooks-hint")).to_contain_text("Go on in Intuit's window")
    with window.expect_event("close"):
        intuit_window.agree(window, workplace.realm())
    expect(status_of(page, "Connection status")).to_have_text("Connected")
    expect(status_of(page, "Company")).to_have_text("Sandbox Company US 1")
    expect(status_of(page, "Environment")).to_have_text("Sandbox")
    expect(queue(page)).to_contain_text("Queue empty — every item synced", timeout=PUSHED)
    expect(status_of(page, "Last sync")).to_have_text("less than a minute ago")
    status_of(page, "Last sync").locator("time").focus()
    expect(page.get_by_role("tooltip")).to_have_text(re.compile(r"\d{4}, \d+:\d\d [AP]M"))
    assert workplace.names_in_quickbooks() == {"Casco Bay Brewing", "Dubé & Fils Bakery"}


def test_connect_again_without_a_disconnect(workplace, sign_in):
    page = sign_in(workplace.owner)
    connect_and_wait(page, workplace)
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Connect again").click()
    expect(page.locator("#quickbooks-hint")).to_contain_text("Go on in Intuit's window")
    with opened.value.expect_event("close"), page.expect_navigation():
        intuit_window.agree(opened.value, workplace.realm())
    expect(status_of(page, "Connection status")).to_have_text("Connected")


def test_cancel_at_intuit_changes_nothing(workplace, sign_in):
    page = sign_in(workplace.owner)
    open_quickbooks(page)
    window = open_intuit(page)
    intuit_window.agree(window, workplace.realm(), decision="cancel")
    expect(window.get_by_role("heading")).to_have_text("QuickBooks was not connected")
    expect(window.locator("main")).to_contain_text("You chose Cancel at Intuit, so nothing was changed.")
    # The window may be gone before the click has reported back; that it closes is awaited all the same.
    with window.expect_event("close"), suppress(Error):
        window.get_by_role("button", name="Close this window").click()
    expect(page.locator("#quickbooks-hint")).to_contain_text("QuickBooks is not connected yet")
    expect(status_of(page, "Connection status")).to_have_text("Disconnected")


def test_a_blocked_window_is_explained_and_there_is_a_way_on(workplace, sign_in):
    page = sign_in(workplace.owner)
    open_quickbooks(page)
    page.evaluate("window.open = () => null")
    page.get_by_role("link", name="Connect to QuickBooks").click()
    expect(page.locator("#quickbooks-hint")).to_contain_text("Your browser blocked the window. Allow pop-ups")
    page.get_by_role("link", name="go on in this window").click()
    intuit_window.agree(page, workplace.realm())
    expect(page.get_by_role("heading", name="QuickBooks Online")).to_be_visible()
    expect(status_of(page, "Connection status")).to_have_text("Connected")


def test_a_window_that_lost_its_opener_still_tells_the_page(workplace, sign_in):
    page = sign_in(workplace.owner)
    open_quickbooks(page)
    page.evaluate(
        """() => {
          const open = window.open.bind(window);
          window.open = (...asked) => (open(...asked), (window.handle = { closed: false }));
        }"""
    )
    window = open_intuit(page)
    page.evaluate("window.handle.closed = true")
    expect(page.locator("#quickbooks-hint")).to_contain_text("If Intuit's window is still open, go on there")
    window.evaluate("window.opener = null")
    intuit_window.agree(window, workplace.realm())
    expect(status_of(page, "Connection status")).to_have_text("Connected")


def test_preferences_are_saved_and_stay(workplace, sign_in):
    page = sign_in(workplace.owner)
    connect(page, workplace)
    open_tab(page, "Settings")
    account = page.get_by_label("Income account for items")
    expect(account.locator("option:checked")).to_have_text("Services")
    account.select_option(label="Sales of Product Income")
    page.get_by_label("Invoices", exact=True).uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#flashes")).to_contain_text("Sync Preferences saved.")
    page.reload()
    expect(page.get_by_label("Customers")).to_be_checked()
    expect(page.get_by_label("Invoices", exact=True)).not_to_be_checked()
    expect(account.locator("option:checked")).to_have_text("Sales of Product Income")


def test_an_account_that_is_gone_is_refused_in_words(workplace, sign_in):
    page = sign_in(workplace.owner)
    connect(page, workplace)
    open_tab(page, "Settings")
    page.locator("option").evaluate_all("options => options.forEach(option => option.value = '0')")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#quickbooks-preferences")).to_contain_text("QuickBooks no longer has this account.")


def test_disconnect_asks_first_and_keeps_both_sides(workplace, sign_in):
    workplace.add_customers("Casco Bay Brewing")
    page = sign_in(workplace.owner)
    connect_and_wait(page, workplace)
    open_tab(page, "Settings")
    page.get_by_role("link", name="Disconnect").click()
    expect(page.locator("main")).to_contain_text("What is in QuickBooks stays there")
    page.get_by_role("link", name="Keep it connected").click()
    expect(status_of(page, "Connection status")).to_have_text("Connected")
    disconnect(page)
    workplace.add_customers("Dubé & Fils Bakery")
    assert workplace.names_in_quickbooks() == {"Casco Bay Brewing"}
    connect_and_wait(page, workplace)
    assert workplace.names_in_quickbooks() == {"Casco Bay Brewing", "Dubé & Fils Bakery"}


def test_another_company_and_back_without_mixing(workplace, sign_in):
    workplace.add_customers("Casco Bay Brewing")
    page = sign_in(workplace.owner)
    connect_and_wait(page, workplace)
    there_before = workplace.names_in_quickbooks(AUTOMATED_TAX)
    disconnect(page)
    connect_and_wait(page, workplace, AUTOMATED_TAX)
    assert workplace.names_in_quickbooks(AUTOMATED_TAX) == there_before | {"Casco Bay Brewing"}
    disconnect(page)
    connect_and_wait(page, workplace)
    assert [customer["DisplayName"] for customer in workplace.books("Customer", US)] == ["Casco Bay Brewing"]


def test_invoices_of_the_time_without_a_connection_are_offered(workplace, sign_in):
    page = sign_in(workplace.owner)
    connect(page, workplace)
    disconnect(page)
    workplace.add_invoices("HH-1", "HH-2")
    connect(page, workplace)
    unsent = page.locator("#quickbooks-unsent")
    expect(unsent).to_contain_text("2 invoices, $200.00, were generated while invoices did not sync.")
    unsent.get_by_role("button", name="Send them to QuickBooks").click()
    expect(unsent).to_be_hidden()
    expect(queue(page)).to_contain_text("Queue empty", timeout=PUSHED)
    assert {invoice["DocNumber"] for invoice in workplace.books("Invoice")} == {"HH-1", "HH-2"}


def test_the_free_plan_shows_what_it_would_do(hired, sign_in):
    page = sign_in(hired(Plan.FREE).owner)
    open_quickbooks(page)
    expect(page.locator("main")).to_contain_text("QuickBooks sync is part of Pro and Enterprise")
    expect(page.get_by_role("link", name="Connect to QuickBooks")).to_have_count(0)
    page.get_by_role("link", name="See plans and pricing").click()
    expect(page.get_by_role("heading", name="Plan", exact=True)).to_be_visible()


def test_a_company_gone_down_to_free_keeps_its_link(workplace, sign_in):
    page = sign_in(workplace.owner)
    connect(page, workplace)
    workplace.move_to(Plan.FREE)
    open_quickbooks(page)
    expect(page.locator("main")).to_contain_text("Your link to Sandbox Company US 1 is kept")
    workplace.move_to(Plan.PRO)
    page.reload()
    expect(status_of(page, "Connection status")).to_have_text("Connected")


def test_intuits_window_never_shows_the_product(workplace, sign_in):
    """A page of the product in it closes it, and the page that opened it says where things stand."""
    page = sign_in(workplace.owner)
    open_quickbooks(page)
    window = open_intuit(page)
    window.wait_for_load_state()
    window.add_init_script(
        "window.close = () => (document.documentElement.dataset.closed = '')"
    )  # to look at it
    window.goto("/home")
    expect(window.get_by_role("heading")).to_have_text(re.compile("You can close this window"))
    expect(window.get_by_label("Main")).to_have_count(0)
    expect(window.locator("html[data-closed]")).to_have_count(1)
    page.goto("/home")  # a window of another name is left alone
    expect(page.get_by_label("Main")).to_be_visible()


def test_back_after_a_disconnect_shows_what_is_true_now(workplace, sign_in):
    page = sign_in(workplace.owner)
    connect(page, workplace)
    open_quickbooks(page)
    disconnect(page)
    page.go_back()  # the question
    page.go_back()  # the tab Settings
    page.go_back()  # the overview
    expect(status_of(page, "Connection status")).to_have_text("Disconnected")
    with page.expect_navigation():  # as from the browser's own store
        page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(status_of(page, "Connection status")).to_have_text("Disconnected")
