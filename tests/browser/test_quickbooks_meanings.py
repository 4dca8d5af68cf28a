"""From an Owner's choice to the books of QuickBooks: terms, accounts of payments, classes and locations."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from playwright.sync_api import Page, expect

from app.accounts.models import Company, Terms
from app.customers.records import CustomerData, create_customers
from app.invoices.dates import today
from app.invoices.lifecycle import finalise, mark_sent
from app.invoices.records import InvoiceData, LineData, create_draft
from tests.browser.steps import PUSHED, connect_and_wait, open_quickbooks, open_tab, queue
from tests.browser.workplace import TRACKED, US, Workplace


def send(workplace: Workplace, customer: str, *items: str, terms: Terms | None = None) -> None:
    """An invoice of $100.00 a line, sent to a new customer today."""

    def write(company: Company) -> None:
        (person,) = create_customers(company, [CustomerData(name=customer)])
        day = today(company)
        lines = [LineData(item, Decimal(1), Decimal(100)) for item in items]
        invoice = create_draft(
            company, InvoiceData(person.id, day, day + timedelta(days=60), terms, lines=lines)
        )
        finalise(invoice)
        mark_sent(invoice)

    workplace.write(write)


def record_named(workplace: Workplace, kind: str, name: str, company: int = US) -> dict:
    return next(one for one in workplace.books(kind, company) if one["Name"] == name)


def wait_until_sent(page: Page) -> None:
    open_quickbooks(page)
    expect(queue(page)).to_contain_text("Queue empty", timeout=PUSHED)


def test_terms_made_by_one_click_are_on_the_next_invoice(workplace: Workplace, sign_in: Callable[..., Page]):
    page = sign_in(workplace.owner)
    connect_and_wait(page, workplace)
    there = record_named(workplace, "Term", "Net 60")
    workplace.control("POST", f"companies/{workplace.realm()}/term/{there['Id']}/edit", Name="Sixty days")
    open_tab(page, "Tax & terms")
    page.get_by_role("button", name="Read again from QuickBooks").click()
    expect(page.locator("#flashes")).to_contain_text("Read again from QuickBooks.")
    make = page.get_by_role("button", name="Make Net 60 in QuickBooks")
    make.click()
    expect(page.locator("#flashes")).to_contain_text("Net 60 is in QuickBooks now.")
    expect(page.get_by_role("listitem").filter(has_text="Net 60")).to_contain_text("in QuickBooks")
    expect(make).to_have_count(0)
    send(workplace, "Rivera HVAC", "Service call", terms=Terms.NET_60)
    wait_until_sent(page)
    made = record_named(workplace, "Term", "Net 60")
    assert made["DueDays"] == 60
    (bill,) = workplace.books("Invoice")
    assert bill["SalesTermRef"]["value"] == made["Id"] != there["Id"]


def test_money_goes_to_the_account_and_the_method_that_were_chosen(
    workplace: Workplace, sign_in: Callable[..., Page]
):
    workplace.control("POST", f"companies/{workplace.realm()}/paymentmethod", Name="Visa", Type="CREDIT_CARD")
    page = sign_in(workplace.owner)
    connect_and_wait(page, workplace)
    open_tab(page, "Settings")
    page.get_by_role("link", name="Payments", exact=True).click()
    expect(page.locator("main")).to_contain_text("Payments & refunds is off in Sync Preferences")
    page.get_by_label("Account for Card").select_option(label="Checking")
    page.get_by_label("Payment method for Card").select_option(label="Visa")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#flashes")).to_contain_text(
        "It counts for payments and refunds that are sent from now on."
    )
    page.reload()
    expect(page.get_by_label("Account for Card").locator("option:checked")).to_have_text("Checking")
    expect(page.get_by_label("Account for Check").locator("option:checked")).to_have_text("Usual account")
    open_tab(page, "Settings")
    page.get_by_label("Payments & refunds").check()
    page.get_by_label("Account for payments and refunds").select_option(label="Undeposited Funds")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#flashes")).to_contain_text("Sync Preferences saved.")
    send(workplace, "Rivera HVAC", "Service call")
    for method, amount in (("Card", "40"), ("Check", "60")):
        pay(page, method, amount)
    wait_until_sent(page)
    there = {one["TotalAmt"]: one for one in workplace.books("Payment")}
    assert there.keys() == {40.0, 60.0}
    assert names(workplace, there[40.0]) == ("Checking", "Visa")
    assert names(workplace, there[60.0]) == ("Undeposited Funds", "Check")


def pay(page: Page, method: str, amount: str) -> None:
    page.goto("/invoices")
    page.locator("tbody a").filter(has_text="INV-").first.click()
    page.wait_for_load_state()
    page.get_by_role("link", name="Record payment").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Amount").fill(amount)
    dialog.get_by_label("Method").select_option(method)
    dialog.get_by_role("button", name="Record payment").click()
    expect(dialog).to_be_hidden()


def names(workplace: Workplace, payment: dict) -> tuple[str, str]:
    """Of the account and of the method, as they are in the books."""
    pairs = (("Account", "DepositToAccountRef"), ("PaymentMethod", "PaymentMethodRef"))
    account, method = (
        next(one["Name"] for one in workplace.books(kind) if one["Id"] == payment[field]["value"])
        for kind, field in pairs
    )
    return account, method


def test_rules_are_seen_before_they_are_saved_and_then_file_an_invoice(
    workplace: Workplace, sign_in: Callable[..., Page]
):
    send(workplace, "Casco Bay Brewing", "Boiler", "Filter")
    page = sign_in(workplace.owner)
    connect_and_wait(page, workplace, TRACKED)
    workplace.control("POST", f"companies/{workplace.realm(TRACKED)}/class", Name="Boilers")
    open_tab(page, "Settings")
    page.get_by_role("link", name="Classes and locations").click()
    page.get_by_role("button", name="Read again from QuickBooks").click()
    expect(page.locator("#flashes")).to_contain_text("Read again from QuickBooks.")
    page.get_by_label("Default class").select_option(label="Service")
    page.get_by_label("Rule 1 looks at").select_option(label="Item is")
    page.get_by_label("Rule 1 value").fill("boiler")
    page.get_by_label("Rule 1 class").select_option(label="Boilers")
    page.get_by_label("Rule 1 location").select_option(label="Phoenix")
    page.get_by_role("button", name="Preview on the last invoices").click()
    preview = page.locator("#classes-preview")
    expect(preview).to_contain_text("Nothing is saved yet, and nothing is changed in QuickBooks.")
    expect(preview.get_by_role("heading")).to_have_text("Your last invoice with these rules")
    previewed = preview.get_by_role("row").filter(has_text="Casco Bay Brewing")
    expect(previewed).to_contain_text("Boilers, Service")
    expect(previewed).to_contain_text("Phoenix")
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_label("Rule 1 value")).to_have_value("")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#flashes")).to_contain_text(
        "It counts for invoices that are new in QuickBooks from now on."
    )
    send(workplace, "Rivera HVAC", "Boiler", "Filter")
    send(workplace, "Dubé & Fils Bakery", "Filter")
    wait_until_sent(page)
    by_customer = {one["CustomerRef"]["name"]: one for one in workplace.books("Invoice", TRACKED)}
    assert by_customer.keys() == {"Rivera HVAC", "Dubé & Fils Bakery"}  # the one of before was not asked for
    boilers, service = (
        record_named(workplace, "Class", name, TRACKED)["Id"] for name in ("Boilers", "Service")
    )
    phoenix = record_named(workplace, "Department", "Phoenix", TRACKED)["Id"]
    assert classes_of(by_customer["Rivera HVAC"]) == [boilers, service]
    assert by_customer["Rivera HVAC"]["DepartmentRef"]["value"] == phoenix
    assert classes_of(by_customer["Dubé & Fils Bakery"]) == [service]
    assert "DepartmentRef" not in by_customer["Dubé & Fils Bakery"]


def classes_of(bill: dict) -> list[str]:
    """One for each line that sells something."""
    details = [line["SalesItemLineDetail"] for line in bill["Line"] if "SalesItemLineDetail" in line]
    return [detail["ClassRef"]["value"] for detail in details]
