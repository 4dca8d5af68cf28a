"""Whole days: an Owner's first, a Dispatcher's, one fix that releases many, a switch of companies in two tabs."""

from playwright.sync_api import Browser, Page, expect

from devtools import intuit_window
from devtools.stack import Stack
from devtools.waiting import wait_until
from tests.browser.steps import (
    PUSHED,
    action,
    connect,
    connect_and_wait,
    disconnect,
    open_intuit,
    open_quickbooks,
    open_tab,
    queue,
    row,
    status_of,
)
from tests.browser.workplace import AUTOMATED_TAX, Workplace
from tests.people import PASSWORD

CUSTOMERS = """\
customer_number,display_name,given_name,family_name,address,city,region,postal_code,country,phone
C-1,Casco Bay Brewing,Owen,Tuttle,9 Wharf St,Portland,ME,04101,USA,(207) 555-0102
C-2,Dubé & Fils Bakery,Renée,Dubé,9 Rue Lafayette,Lewiston,ME,04240,USA,(207) 555-0103
"""
INVOICES = """\
invoice_number,customer_number,issue_date,due_date,item,quantity,unit_price,discount_percent
HH-1,C-1,2026-03-02,2026-04-01,Service call,1,95.00,0
HH-2,C-2,2026-03-03,2026-04-02,Furnace tune-up,1,149.00,0
HH-2,C-2,2026-03-03,2026-04-02,"Labor, hourly",2,118.50,0
"""
QUICKBOOKS = "/settings/integrations/quickbooks"


def test_an_owners_first_day(workplace: Workplace, sign_in):
    """From two files to books that are right, and a page that says so."""
    page = sign_in(workplace.owner)
    bring_in(page, "customers", CUSTOMERS, "Import 2 customers", "2 customers were imported.")
    bring_in(page, "invoices", INVOICES, "Import 2 invoices", "2 invoices were imported.")
    page.get_by_role("link", name="Home").click()
    expect(page.locator(".home-open")).to_contain_text("$481.00")
    open_quickbooks(page)
    page.get_by_role("link", name="First sync").click()  # the help, from where the question arises
    expect(page.get_by_role("heading", name="The first sync")).to_be_visible()
    expect(page.locator(".help-picture")).to_be_visible()
    connect(page, workplace)
    verdict = page.locator("#quickbooks-verdict h2")
    expect(verdict).to_have_text("2 invoices, $481.00, were never sent to QuickBooks.", timeout=PUSHED)
    assert workplace.names_in_quickbooks() == {"Casco Bay Brewing", "Dubé & Fils Bakery"}
    assert workplace.books("Invoice") == []
    queue(page).get_by_role("button", name="Send all").click()
    expect(verdict).to_have_text("Every item is in QuickBooks.", timeout=PUSHED)
    there = {one["DocNumber"]: one["TotalAmt"] for one in workplace.books("Invoice")}
    assert there == {"HH-1": 95.0, "HH-2": 386.0}
    page.goto("/invoices?view=not_in_quickbooks")
    expect(page.locator("#invoice-list")).to_contain_text("No invoice matches")


def bring_in(page: Page, what: str, text: str, button: str, told: str) -> None:
    page.goto(f"/{what}")
    page.get_by_role("link", name="Import from CSV").click()
    file = {"name": f"{what}.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("button", name=button).click()
    expect(page.locator("#flashes")).to_contain_text(told)


def test_a_dispatchers_day(workplace: Workplace, sign_in):
    """Sends what is missing, reads why one failed, tries it again, and is told whom to ask for the rest."""
    for number in ("HH-1", "HH-2"):  # each with a customer of its own
        workplace.add_invoices(number)
    owner = sign_in(workplace.owner)
    page = sign_in(workplace.dispatcher)
    page.goto("/invoices")
    row(page, "HH-1").get_by_role("button", name="Actions").click()
    row(page, "HH-1").locator(".dropdown-menu [data-bs-toggle=tooltip]").focus()
    expect(page.get_by_role("tooltip")).to_contain_text("Ask an Owner")
    connect_and_wait_for_customers(owner, workplace)
    workplace.next_answer("invoice.create", code="6000", detail="Not today")
    page.goto("/invoices?view=not_in_quickbooks")
    action(page, "HH-1", "Sync to QuickBooks").click()
    badge = row(page, "HH-1").locator("[data-standing]")
    expect(badge).to_have_text("Needs you", timeout=PUSHED)
    badge.focus()
    expect(page.get_by_role("tooltip")).to_contain_text("Not today")
    action(page, "HH-1", "Retry").click()
    expect(badge).to_have_text("In QuickBooks", timeout=PUSHED)
    page.get_by_label("Select HH-2").check()
    page.locator("#selection").get_by_role("button", name="Sync to QuickBooks").click()
    expect(page.locator("#flashes")).to_contain_text("1 of 1 queued for QuickBooks.")
    page.goto("/invoices")
    expect(row(page, "HH-2").locator("[data-standing]")).to_have_text("In QuickBooks", timeout=PUSHED)
    assert {one["DocNumber"] for one in workplace.books("Invoice")} == {"HH-1", "HH-2"}


def connect_and_wait_for_customers(page: Page, workplace: Workplace) -> None:
    connect(page, workplace)
    expect(queue(page)).to_contain_text("Queue empty", timeout=PUSHED)


def test_one_fix_releases_many(workplace: Workplace, sign_in):
    """A customer that QuickBooks refuses holds up its invoices; one Retry sends them all."""
    page = sign_in(workplace.owner)
    connect_and_wait(page, workplace)
    workplace.next_answer("customer.create", code="2050")
    workplace.add_invoices("HH-1", "HH-2", "HH-3")
    page.reload()
    verdict = page.locator("#quickbooks-verdict h2")
    expect(verdict).to_have_text("3 invoices, $300.00, are not in QuickBooks.", timeout=PUSHED)
    refused = queue(page).get_by_role("listitem").filter(has_text="too long for QuickBooks")
    expect(refused).to_have_count(1)
    refused.get_by_role("button", name="Retry Customer Customer of HH-1").click()
    expect(verdict).to_have_text("Every item is in QuickBooks.", timeout=PUSHED)
    assert {one["DocNumber"] for one in workplace.books("Invoice")} == {"HH-1", "HH-2", "HH-3"}
    assert workplace.names_in_quickbooks() == {"Customer of HH-1"}


def test_disconnect_and_switch_with_two_tabs_open(workplace: Workplace, sign_in):
    """The other tab becomes what is true now, and what is saved there goes nowhere wrong."""
    workplace.add_customers("Casco Bay Brewing")
    page = sign_in(workplace.owner)
    connect_and_wait(page, workplace)
    other = page.context.new_page()
    other.goto(QUICKBOOKS)
    expect(status_of(other, "Company")).to_have_text("Sandbox Company US 1")
    open_tab(other, "Settings")
    disconnect(page)
    other.get_by_label("Invoices", exact=True).uncheck()
    other.get_by_role("button", name="Save").click()
    expect(other.locator("#flashes")).to_contain_text("disconnected meanwhile")
    expect(status_of(other, "Connection status")).to_have_text("Disconnected")
    intuit_window.agree(open_intuit(other), workplace.realm(AUTOMATED_TAX))
    expect(status_of(other, "Connection status")).to_have_text("Connected")
    expect(queue(other)).to_contain_text("Queue empty", timeout=PUSHED)
    page.reload()
    expect(status_of(page, "Company")).not_to_have_text("Sandbox Company US 1")
    assert "Casco Bay Brewing" in workplace.names_in_quickbooks(AUTOMATED_TAX)
    page.go_back()
    expect(page.locator("main")).to_contain_text("stops sending to Sandbox Company US 2")  # Back asks anew


def test_without_script_an_owner_connects_sends_and_disconnects(
    workplace: Workplace, browser: Browser, stack: Stack
):
    workplace.add_invoices("HH-1", "HH-2")
    context = browser.new_context(base_url=stack.web_url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(workplace.owner)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Integrations").click()  # without script the menu stands open
    page.locator("article").get_by_role("link", name="Set up").click()
    page.get_by_role("link", name="Connect to QuickBooks").click()
    intuit_window.agree(page, workplace.realm())
    page.get_by_role("link", name="Go to the QuickBooks page").click()
    expect(status_of(page, "Connection status")).to_have_text("Connected")
    expect(page.locator("#quickbooks-verdict")).to_contain_text("$200.00")
    queue(page).get_by_role("button", name="Send all").click()
    wait_until(lambda: len(workplace.books("Invoice")) == 2, "both are in QuickBooks", seconds=40)
    wait_until(lambda: are_there(page) == 2, "the list says so", seconds=40, every=0.5)
    page.goto(f"{QUICKBOOKS}/disconnect")
    page.get_by_role("button", name="Disconnect").click()
    expect(status_of(page, "Connection status")).to_have_text("Disconnected")
    context.close()


def are_there(page: Page) -> int:
    """By the list of invoices, opened anew: without script it does not ask again by itself."""
    page.goto("/invoices")
    return page.locator(".invoice-there [data-standing='In QuickBooks']").count()
