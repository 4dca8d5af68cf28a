"""Customers that QuickBooks may have already, answered with the keyboard alone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from app.customers.records import CustomerData, create_customers
from tests.browser.keyboard import tab_to
from tests.browser.steps import PUSHED, connect, queue
from tests.browser.workplace import Workplace

HERE = ("Casco Bay Brewing", "Harbor Grill", "Rivera HVAC")


def phone(place: int) -> str:
    return f"(207) 555-010{place}"


def test_each_doubt_is_answered_with_the_keyboard_alone(workplace: Workplace, sign_in: Callable[..., Page]):
    for place, name in enumerate(HERE):
        number = {"FreeFormNumber": phone(place)}
        workplace.control(
            "POST",
            f"companies/{workplace.realm()}/Customer",
            DisplayName=f"{name} LLC",
            PrimaryPhone=number,
            BillAddr={"Line1": f"{place} Mill Rd", "City": "Portland", "PostalCode": "04101"},
        )
    people = [CustomerData(name=name, phone=phone(place)) for place, name in enumerate(HERE)]
    workplace.write(lambda company: create_customers(company, people))
    page = sign_in(workplace.owner)
    connect(page, workplace)
    expect(queue(page)).to_contain_text("may be in QuickBooks already", timeout=PUSHED)
    tab_to(page, "Matching")
    page.keyboard.press("Enter")
    waiting = page.locator("#quickbooks-matching-waiting")
    expect(waiting).to_contain_text("3 customers may be in QuickBooks already")
    page.wait_for_load_state()
    tab_to(page, "Same customer: Casco Bay Brewing is Casco Bay Brewing LLC")
    page.keyboard.press("Enter")
    expect(waiting).to_contain_text("2 customers may be in QuickBooks already")
    expect(page.locator("#announcer")).to_have_text("2 customers wait for an answer")
    expect(waiting.get_by_role("button", name="Same customer: Harbor Grill")).to_be_focused()
    tab_to(page, "Another customer: Harbor Grill")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("Harbor Grill Portland")  # what was selected by Tab is typed over
    page.keyboard.press("Enter")
    expect(waiting).to_contain_text("1 customer may be in QuickBooks already")
    tab_to(page, "Same customer: Rivera HVAC is Rivera HVAC LLC")
    page.keyboard.press("Enter")
    expect(waiting).to_contain_text("Nobody waits.")
    page.goto("/settings/integrations/quickbooks")
    expect(queue(page)).to_contain_text("Queue empty", timeout=PUSHED)
    assert workplace.names_in_quickbooks() == {
        *(f"{name} LLC" for name in HERE),
        "Harbor Grill Portland",
    }
    page.get_by_role("link", name="Matching").click()
    page.get_by_role("link", name="Take apart: Rivera HVAC").click()
    expect(page.get_by_label("Its name in QuickBooks")).to_have_value("Rivera HVAC")
    page.get_by_role("button", name="Take apart").click()
    expect(page.locator("#flashes")).to_contain_text("Rivera HVAC is linked no more")
