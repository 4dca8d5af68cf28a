"""What a person does, step by step, in the words of the help page."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.workplace import US, Workplace

PUSHED = 40_000  # milliseconds the worker may take on a busy machine


def open_quickbooks(page: Page) -> None:
    """Settings → Integrations → QuickBooks."""
    page.goto("/customers")
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("link", name="Integrations").click()
    page.locator("article").filter(has_text="QuickBooks Online").get_by_role("link").click()
    expect(page.get_by_role("heading", name="QuickBooks Online")).to_be_visible()
    page.wait_for_load_state()  # the heading is there before the script that listens to the buttons


def go_to(page: Page, address: str) -> None:
    """There, and not to where whoever has nothing to see there is sent."""
    answer = page.goto(address)
    assert answer is not None, address
    assert (answer.status, page.url.endswith(address)) == (200, True), f"{address}: {page.url}"


def compare_the_books(page: Page) -> None:
    page.goto("/settings/integrations/quickbooks/tie-out")
    page.get_by_role("button", name="Compare now").click()
    page.get_by_role("button", name="Compare again").wait_for(timeout=PUSHED)


def sign_out(page: Page) -> None:
    """The last entry of the person's menu."""
    page.wait_for_load_state()  # the name is there before the script that opens the menu
    page.locator("#navigation-person").click()
    page.get_by_role("button", name="Sign out").click()


def open_intuit(page: Page) -> Page:
    """The pop-up window of the Connect button."""
    page.wait_for_load_state()  # the link is there before the script that listens to it
    with page.expect_popup() as popup:
        page.get_by_role("link", name="connect to QuickBooks").click()
    return popup.value


def connect(page: Page, workplace: Workplace, company: int = US) -> None:
    """Where Intuit's window is not the story."""
    workplace.connect(company)
    page.goto("/settings/integrations/quickbooks")
    expect(status_of(page, "Connection status")).to_have_text("Connected")
    page.wait_for_load_state()


def connect_and_wait(page: Page, workplace: Workplace, company: int = US) -> None:
    connect(page, workplace, company)
    expect(queue(page)).to_contain_text("Queue empty", timeout=PUSHED)


def disconnect(page: Page) -> None:
    open_quickbooks(page)
    open_tab(page, "Settings")
    page.get_by_role("link", name="Disconnect").click()
    expect(page.get_by_role("heading", name="Disconnect QuickBooks?")).to_be_visible()
    page.get_by_role("button", name="Disconnect").click()
    expect(status_of(page, "Connection status")).to_have_text("Disconnected")


def open_tab(page: Page, name: str) -> None:
    """A tab of the QuickBooks pages."""
    page.get_by_label("QuickBooks", exact=True).get_by_role("link", name=name).click()
    page.wait_for_load_state()


def status_of(page: Page, label: str) -> Locator:
    """One line of the status panel."""
    return page.locator("#quickbooks-panel dt", has_text=label).locator("xpath=following-sibling::dd[1]")


def queue(page: Page) -> Locator:
    return page.locator("#quickbooks-queue")


def row(page: Page, number: str) -> Locator:
    return page.locator("tbody tr").filter(has_text=number)


def open_menu(page: Page, number: str) -> Locator:
    """The three dots of an invoice's row."""
    row(page, number).get_by_role("button", name=f"Actions for {number}").click()
    return row(page, number).locator(".dropdown-menu")


def action(page: Page, number: str, label: str) -> Locator:
    return open_menu(page, number).get_by_role("button", name=label, exact=True)
