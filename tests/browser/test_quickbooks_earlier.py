"""Invoices from before the connection: found in QuickBooks, linked and not sent; the others chosen or left out."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial

from playwright.sync_api import Page, expect

from app.accounts.models import Company
from app.customers.records import CustomerData, create_customers
from app.invoices.records import InvoiceData, LineData, create_imported
from tests.browser.steps import PUSHED, connect_and_wait, queue
from tests.browser.workplace import Workplace

DAY = date(2026, 1, 5)


def write(company: Company, number: int = 3) -> None:
    """Invoices of one customer."""
    (person,) = create_customers(company, [CustomerData(name="Rivera HVAC")])
    for place in range(number):
        line = LineData("Services", Decimal(1), Decimal(100 + place))
        data = InvoiceData(person.id, issue_date=DAY, due_date=DAY, lines=[line])
        create_imported(company, [(f"OLD-{place}", data)])


def type_in(workplace: Workplace, number: str, amount: int) -> None:
    """Somebody enters an invoice of that customer in QuickBooks by hand."""
    person = next(one for one in workplace.books("Customer") if one["DisplayName"] == "Rivera HVAC")
    services = next(item["Id"] for item in workplace.books("Item") if item["Name"] == "Services")
    detail = {"ItemRef": {"value": services}, "Qty": 1, "UnitPrice": amount}
    workplace.control(
        "POST",
        f"companies/{workplace.realm()}/Invoice",
        DocNumber=number,
        CustomerRef={"value": person["Id"]},
        TxnDate=DAY.isoformat(),
        Line=[{"Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}],
    )


def test_linked_chosen_and_left_out(workplace: Workplace, sign_in: Callable[..., Page]):
    workplace.write(write)
    page = sign_in(workplace.owner)
    connect_and_wait(page, workplace)
    type_in(workplace, "1042", 100)
    page.get_by_role("link", name="Choose").first.click()
    page.get_by_role("button", name="Look for them in QuickBooks").click()
    same = page.get_by_role("button", name="Same invoice: OLD-0")
    expect(same).to_be_visible(timeout=PUSHED)
    expect(page.locator("#quickbooks-earlier-found")).to_contain_text("another number")
    same.press("Enter")
    expect(page.locator("#flashes")).to_contain_text("1 invoice is linked. Nothing was sent.")
    page.get_by_label("Select OLD-1").press("Space")
    expect(page.locator("#selection")).to_contain_text("1 selected, $101.00")
    page.get_by_role("button", name="Send to QuickBooks").press("Enter")
    expect(page.locator("#flashes")).to_contain_text("1 invoice queued for QuickBooks.")
    page.get_by_label("Select OLD-2").press("Space")
    page.get_by_role("button", name="Not these").press("Enter")
    expect(page.get_by_text("Write why it is left out.")).to_be_visible()
    expect(page.get_by_label("Select OLD-2")).to_be_checked()
    page.get_by_label("Reason for leaving out").fill("Paid in cash")
    page.get_by_role("button", name="Not these").press("Enter")
    expect(page.get_by_text("Nothing is left to choose")).to_be_visible()
    page.goto("/settings/integrations/quickbooks")
    expect(queue(page)).to_contain_text("Queue empty", timeout=PUSHED)
    assert {bill["DocNumber"] for bill in workplace.books("Invoice")} == {"1042", "OLD-1"}


def test_enter_in_the_reason_sends_nothing(workplace: Workplace, sign_in: Callable[..., Page]):
    workplace.write(write)
    page = sign_in(workplace.owner)
    connect_and_wait(page, workplace)
    page.get_by_role("link", name="Not these").first.click()
    reason = page.get_by_label("Reason for leaving out")
    expect(reason).to_be_in_viewport()
    page.get_by_label("Select OLD-2").press("Space")
    reason.fill("Paid in cash")
    reason.press("Enter")
    expect(page.locator("#flashes")).to_contain_text("1 invoice left out of QuickBooks.")
    reason.fill("Another book")
    page.get_by_role("button", name="None of the 2").press("Enter")
    expect(page.get_by_text("Nothing is left to choose")).to_be_visible()


def test_ticks_of_another_page_stay_and_are_summed(workplace: Workplace, sign_in: Callable[..., Page]):
    workplace.write(partial(write, number=101))
    page = sign_in(workplace.owner)
    connect_and_wait(page, workplace)
    page.goto("/settings/integrations/quickbooks/earlier")
    page.get_by_label("Select OLD-100").press("Space")
    page.get_by_role("button", name="Next").press("Enter")
    page.get_by_label("Select OLD-0").press("Space")
    expect(page.locator("#selection")).to_contain_text("2 selected, $300.00")
    page.get_by_role("button", name="Previous").press("Enter")
    expect(page.get_by_label("Select OLD-100")).to_be_checked()
    expect(page.locator("#selection")).to_contain_text("2 selected, $300.00")
    page.get_by_role("button", name="Send to QuickBooks").press("Enter")
    expect(page.locator("#flashes")).to_contain_text("2 invoices queued for QuickBooks.")


def test_a_search_brings_ticks_and_the_reason_along(workplace: Workplace, sign_in: Callable[..., Page]):
    workplace.write(write)
    page = sign_in(workplace.owner)
    connect_and_wait(page, workplace)
    page.goto("/settings/integrations/quickbooks/earlier")
    page.get_by_label("Select OLD-2").press("Space")
    page.get_by_label("Reason for leaving out").fill("Paid in cash")
    search = page.get_by_label("Search these invoices")
    search.fill("OLD-1")
    search.press("Enter")
    page.get_by_label("Select OLD-1").press("Space")
    expect(page.locator("#selection")).to_contain_text("2 selected, $203.00")
    search.fill("nobody")
    search.press("Enter")
    expect(page.locator("#selection")).to_contain_text("2 selected, $203.00")
    page.get_by_role("button", name="Show all").press("Enter")
    for ticked in ("OLD-1", "OLD-2"):
        expect(page.get_by_label(f"Select {ticked}")).to_be_checked()
    expect(page.get_by_label("Reason for leaving out")).to_have_value("Paid in cash")
