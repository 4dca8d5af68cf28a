"""A dispatcher's day with the keyboard alone, and the list without script."""

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from devtools.stack import Stack
from tests.browser.steps import PUSHED, connect, row
from tests.browser.workplace import Workplace
from tests.people import PASSWORD


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the element of that name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent).trim()"
        )
        if focused == name:
            return
    raise AssertionError(f"Tab never reaches {name}")


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
