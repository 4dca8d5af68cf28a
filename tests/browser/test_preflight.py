"""An invoice that QuickBooks would not take says so while it is written, and asks once when it is finalised."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.steps import PUSHED, connect_and_wait, open_quickbooks, queue
from tests.browser.workplace import Workplace

VENDOR = "Acme Supply"
TOLD = f"{VENDOR} has the name of a vendor or an employee in QuickBooks"


def test_a_customer_with_the_name_of_a_vendor(workplace: Workplace, sign_in: Callable[..., Page]):
    workplace.control("POST", f"companies/{workplace.realm()}/vendor", DisplayName=VENDOR)
    page = sign_in(workplace.owner)
    connect_and_wait(page, workplace)
    workplace.add_customers("Elm Street Library")  # before the first customer goes, the names there are read
    open_quickbooks(page)
    expect(queue(page)).to_contain_text("Queue empty", timeout=PUSHED)
    workplace.add_customers(VENDOR)
    page.goto("/invoices/new")
    page.get_by_label("Search customers").fill(VENDOR)
    expect(page.locator("#customer-matches").get_by_role("button")).to_have_count(
        1
    )  # what was there is replaced
    page.get_by_role("button", name=VENDOR).click()
    expect(page.locator("#notes-customer")).to_contain_text(TOLD)
    page.get_by_label("Item").fill("Service call")
    page.get_by_label("Unit price").fill("100")
    page.get_by_role("button", name="Save draft").last.click()
    warning = page.get_by_role("status", name="Before it goes to QuickBooks")
    expect(warning).to_contain_text(TOLD)
    page.get_by_role("button", name="Finalise").click()
    expect(page.get_by_role("heading", name="all the same?")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(TOLD)
    page.get_by_role("button", name="Finalise all the same").click()
    expect(warning).to_have_count(0)
    open_quickbooks(page)
    expect(queue(page)).to_contain_text("Name of a vendor or an employee", timeout=PUSHED)
