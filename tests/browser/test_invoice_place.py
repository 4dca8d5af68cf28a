"""Choosing where the work is done, and seeing it on the document."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.accounts.models import Company
from app.customers.records import CustomerData, LocationData, create_customers
from tests.browser.workplace import Workplace

OFFICE = LocationData("Office", "12 Elm Street", "Portland", "ME", "04101", is_primary=True)
CABIN = LocationData("Cabin", "3 Lake Road", "Conway", "NH", "03818")


@pytest.fixture
def customers(workplace: Workplace) -> Workplace:
    def write(company: Company) -> None:
        elsewhere = LocationData("Warehouse", "9 Dock Street", "Dover", "NH", "03820", is_primary=True)
        of = {"The Rivers": [OFFICE, CABIN], "Bob's": [elsewhere]}
        create_customers(company, [CustomerData(name, locations=places) for name, places in of.items()])

    workplace.write(write)
    return workplace


def choose(page: Page, name: str) -> None:
    page.get_by_label("Search customers").fill(name)
    expect(page.locator("#customer-matches").get_by_role("button")).to_have_count(
        1
    )  # what was there is replaced
    page.get_by_role("button", name=re.compile(f"^{name}")).click()


def test_what_is_written_stays_while_a_customer_is_added(customers, sign_in):
    page = sign_in(customers.owner)
    page.goto("/invoices/new")
    page.get_by_label("Item").fill("Labor")
    page.get_by_label("Search customers").fill("Newcomer")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Add a customer").click()
    added = opened.value
    added.locator("#name").fill("Newcomer")
    added.get_by_role("button", name="Add customer").click()
    expect(added.get_by_role("heading", name="Newcomer")).to_be_visible()
    added.close()
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name=re.compile("^Newcomer")).click()
    expect(page.get_by_role("button", name="Look again")).to_be_visible()
    expect(page.get_by_label("Item")).to_have_value("Labor")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_location_is_chosen_and_printed(customers, sign_in, width):
    page = sign_in(customers.owner, width)
    page.goto("/invoices/new")
    choose(page, "Bob's")
    location = page.get_by_label("Service location")
    expect(location.locator("option:checked")).to_have_text("Warehouse: 9 Dock Street, Dover, NH 03820")
    page.get_by_role("button", name="Change").click()
    choose(page, "The Rivers")
    expect(location.locator("option:checked")).to_have_text("Office: 12 Elm Street, Portland, ME 04101")
    location.select_option("Cabin: 3 Lake Road, Conway, NH 03818")
    page.get_by_label("Item").fill("Labor")
    page.get_by_label("Unit price").fill("100")
    page.get_by_role("button", name="Add a line").click()
    expect(page.get_by_label("Item")).to_have_count(2)
    expect(location.locator("option:checked")).to_have_text("Cabin: 3 Lake Road, Conway, NH 03818")
    page.get_by_role("button", name="Remove line 2").click()
    expect(page.get_by_label("Item")).to_have_count(1)
    page.get_by_role("button", name="Save draft").last.click()
    document = page.get_by_role("article")
    expect(document).to_contain_text("Service location")
    expect(document).to_contain_text("Cabin")
    expect(document).to_contain_text("Conway, NH 03818")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
