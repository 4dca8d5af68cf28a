"""An owner's and a dispatcher's day with the keyboard alone, and the list without script."""

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from devtools import intuit_window
from devtools.stack import Stack
from tests.browser.keyboard import choose, follow, press, stands_on, stop, tab_to, write
from tests.browser.steps import PUSHED, connect, queue, row, status_of
from tests.browser.workplace import Workplace
from tests.people import PASSWORD


def test_a_dispatcher_pushes_with_the_keyboard_alone(workplace: Workplace, sign_in: Callable[..., Page]):
    for number in ("HH-1", "HH-2"):  # each with a customer of its own
        workplace.add_invoices(number)
    connect(sign_in(workplace.owner), workplace)
    page = sign_in(workplace.dispatcher)
    tab_to(page, "Skip to the content")
    tab_to(page, "Invoices")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Invoices")).to_be_visible()
    expect(page.locator("[aria-current=page]")).to_have_text("Invoices")
    page.wait_for_load_state()
    tab_to(page, "Actions for HH-2")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(row(page, "HH-2").locator("[data-quickbooks]")).to_have_text("In QuickBooks", timeout=PUSHED)
    expect(row(page, "HH-2").get_by_role("button", name="Actions for HH-2")).to_be_focused()
    row(page, "HH-1").get_by_label("Select HH-1").focus()
    page.keyboard.press("Space")
    expect(page.locator("#selection")).to_contain_text("1 selected, $100.00")
    tab_to(page, "Sync to QuickBooks")
    page.keyboard.press("Enter")
    expect(page.locator("#flashes")).to_contain_text("1 of 1 queued for QuickBooks.")
    expect(row(page, "HH-1").locator("[data-quickbooks]")).to_have_text("In QuickBooks", timeout=PUSHED)


def test_an_owner_works_with_the_keyboard_alone(workplace: Workplace, new_page: Callable[..., Page]):
    """From signing in to disconnecting, with an invoice that QuickBooks refuses once."""
    workplace.add_customers("Elm Street Bakery")
    page = new_page()
    page.emulate_media(reduced_motion="reduce")
    page.goto("/sign-in")
    stands_on(page, "E-mail")
    page.keyboard.type(workplace.owner)
    write(page, "Password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/home")
    make_invoice(page)
    with page.expect_navigation():
        choose(page, "Settings", "Integrations")
    follow(page, "Set up")
    expect(status_of(page, "Connection status")).to_have_text("Disconnected")
    tab_to(page, "Connect to QuickBooks")
    with page.expect_popup() as popup:
        page.keyboard.press("Enter")
    intuit_window.agree(popup.value, workplace.realm())
    expect(status_of(page, "Connection status")).to_have_text("Connected")
    workplace.next_answer("invoice.create", code="6000", detail="Not today")
    number = send_from_its_row(page)
    follow(page, "QuickBooks 1 to fix")
    follow(page, "History")
    expect(page.locator("main")).to_contain_text("Not today")
    follow(page, "QuickBooks 1 to fix")
    press(page, "Leave out")
    stands_on(page, "Reason")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    stands_on(page, "Leave out")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    stands_on(page, f"Retry Invoice {number}")
    page.keyboard.press("Enter")
    expect(queue(page)).to_contain_text("Every item is in QuickBooks.", timeout=PUSHED)
    stop(page)
    follow(page, "Preferences and disconnecting")
    follow(page, "Disconnect")
    follow(page, "Disconnect")
    expect(status_of(page, "Connection status")).to_have_text("Disconnected")
    assert [one["DocNumber"] for one in workplace.books("Invoice")] == [number]


def make_invoice(page: Page) -> None:
    follow(page, "Invoices")
    follow(page, "New invoice")
    stands_on(page, "Search customers")
    page.keyboard.type("Elm")
    expect(page.locator("#customer-matches")).to_contain_text("Elm Street Bakery")
    press(page, "Elm Street Bakery")
    expect(page.locator("#invoice-customer")).to_contain_text("Change")
    stop(page)
    write(page, "Item", "Tune-up")
    write(page, "Quantity", "2")
    write(page, "Unit price", "74.50")
    follow(page, "Save draft")
    follow(page, "Finalise")
    expect(page.locator(".record-head .invoice-status")).to_have_text("Generated")


def send_from_its_row(page: Page) -> str:
    """Returns the number of the only invoice, which QuickBooks refuses."""
    follow(page, "Invoices")
    number = page.locator("tbody tr a").first.inner_text()
    choose(page, f"Actions for {number}", "Sync to QuickBooks")
    expect(row(page, number).locator("[data-standing]")).to_have_text("Needs you", timeout=PUSHED)
    stands_on(page, f"Actions for {number}")
    return number


def test_without_script_a_selection_and_a_row_keep_the_search(
    workplace: Workplace, sign_in: Callable[..., Page], browser: Browser, stack: Stack
):
    for number in ("HH-1", "HH-2"):  # each with a customer of its own
        workplace.add_invoices(number)
    connect(sign_in(workplace.owner), workplace)
    context = browser.new_context(base_url=stack.web_url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(workplace.dispatcher)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto("/invoices?q=HH-1&sort=number")
    row(page, "HH-1").get_by_role("button", name="Sync to QuickBooks").click()
    assert page.url.endswith("/invoices?q=HH-1&sort=number")
    page.goto("/invoices?sort=number")
    page.get_by_label("Select HH-2").check()
    page.locator("#selection").get_by_role("button", name="Sync to QuickBooks").click()
    assert page.url.endswith("/invoices?sort=number")
    expect(page.locator("#flashes")).to_contain_text("1 of 1 queued for QuickBooks.")
    context.close()
