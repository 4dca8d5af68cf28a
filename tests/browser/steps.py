"""What a person does, step by step, in the words of the help page."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import US, Workplace


def open_quickbooks(page: Page) -> None:
    """Settings → Integrations → QuickBooks."""
    page.goto("/customers")
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("link", name="Integrations").click()
    page.locator("article").filter(has_text="QuickBooks Online").get_by_role("link").click()
    expect(page.get_by_role("heading", name="QuickBooks Online")).to_be_visible()


def agree_at_intuit(window: Page, workplace: Workplace, company: int = US, decision: str = "connect") -> None:
    """Intuit's window: sign in, choose the company, Connect or Cancel."""
    window.wait_for_selector("[name=email]")
    window.fill("[name=email]", "owner@example.com")
    window.fill("[name=password]", "any")
    window.keyboard.press("Enter")
    window.check(f"[name=realm][value='{workplace.realm(company)}']")
    window.click(f"[name=decision][value={decision}]")


def connect(page: Page, workplace: Workplace, company: int = US) -> None:
    open_quickbooks(page)
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Connect to QuickBooks").click()
    agree_at_intuit(popup.value, workplace, company)
    expect(page.locator("#quickbooks-panel")).to_contain_text("Connected")


def row(page: Page, number: str) -> Locator:
    return page.locator("tbody tr").filter(has_text=number)


def open_menu(page: Page, number: str) -> Locator:
    """The three dots of an invoice's row."""
    row(page, number).locator("[data-bs-toggle=dropdown]").click()
    return row(page, number).locator(".dropdown-menu")
