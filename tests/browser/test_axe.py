"""axe finds nothing on any page, wide and narrow, light and dark; also nothing that it only calls moderate."""

from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.customers.records import CustomerData, create_customers
from devtools import under_way
from tests.browser import test_quickbooks_earlier as earlier
from tests.browser.steps import PUSHED, compare_the_books, connect, go_to, queue, row
from tests.browser.workplace import TRACKED, Workplace

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
COLOURS = ["color-contrast", "link-in-text-block"]  # all that another colour scheme can change
FINDINGS = """async (rules) => {
    const only = rules ? { runOnly: { type: "rule", values: rules } } : {};
    const { violations } = await axe.run(document, { resultTypes: ["violations"], ...only });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(", ")}`);
}"""
QUICKBOOKS = "/settings/integrations/quickbooks"
PAGES = [
    *(
        "/home",
        "/help",
        "/help/connecting",
        "/search?q=elm",
        "/search?q=nobody",
        "/customers",
        "/customers?q=nobody",
        "/customers/new",
        "/customers/import",
    ),
    *("/invoices", "/invoices?view=open&q=nobody", "/invoices/new", "/invoices/import"),
    *("/settings/company", "/settings/team", "/settings/plan", "/settings/notifications"),
    *("/activity", "/profile", "/profile/two-step", "/settings/integrations", "/styleguide"),
    *(
        QUICKBOOKS,
        f"{QUICKBOOKS}/items",
        f"{QUICKBOOKS}/tax-and-terms",
        f"{QUICKBOOKS}/tie-out",
        f"{QUICKBOOKS}/matching",
        f"{QUICKBOOKS}/earlier",
        f"{QUICKBOOKS}/activity",
        f"{QUICKBOOKS}/preferences",
        f"{QUICKBOOKS}/payments",
        f"{QUICKBOOKS}/classes",
        f"{QUICKBOOKS}/to-fix/email_refused",
        f"{QUICKBOOKS}/to-fix/email_refused/leave-out",
    ),
    f"{QUICKBOOKS}/disconnect",
]
DOORS = ["/sign-in", "/forgot-password", "/sign-up"]


@pytest.fixture
def working(workplace: Workplace, sign_in) -> Page:
    """A company with a bit of everything, connected."""
    workplace.add_customers("Elm Street Bakery", "Unbroken" * 20)
    workplace.add_invoices("HH-1", "HH-2")
    workplace.add_draft()
    page = sign_in(workplace.owner)
    connect(page, workplace, TRACKED)
    page.emulate_media(reduced_motion="reduce")
    return page


def test_every_page_in_both_schemes_and_widths(working: Page, workplace: Workplace):
    """The books were compared, and QuickBooks refused the e-mail addresses of two customers."""
    for operation in ("customer.create", "item:customer.create"):
        workplace.next_answer(operation, code="2210", times=2)
    workplace.add_customers("Refused by QuickBooks", "Refused too")
    working.goto(QUICKBOOKS)
    expect(queue(working).locator("a[href*='email_refused/leave-out']")).to_be_visible(timeout=PUSHED)
    compare_the_books(working)
    working.goto("/invoices")
    invoice = row(working, "HH-1").get_by_role("link", name="HH-1", exact=True).get_attribute("href")
    customer = row(working, "HH-1").locator(".invoice-customer a").first.get_attribute("href")
    assert findings(working, [invoice, customer, *PAGES]) == {}


def test_the_doors(new_page):
    page = new_page()
    page.emulate_media(reduced_motion="reduce")
    assert findings(page, DOORS) == {}
    page.locator("label").first.evaluate("label => label.remove()")  # it would find something
    assert "label" in str(noted(page, "a field without its label, dark"))
    page.locator("h1").evaluate("heading => { heading.style.color = '#222'; }")
    assert "color-contrast" in str(noted(page, "dark words on a dark page, dark", COLOURS))


def test_what_opens(working: Page):
    """A menu, a selection and a dialog."""
    found = {}
    for scheme in ("light", "dark"):
        working.emulate_media(color_scheme=scheme)
        working.goto("/invoices")
        working.locator("#navigation-person").click()
        found |= noted(working, f"person's menu, {scheme}")
        working.keyboard.press("Escape")
        working.get_by_label("Select all on this page").check()
        expect(working.locator("#selection")).to_contain_text("3 selected, $300.00")
        found |= noted(working, f"selection, {scheme}")
        row(working, "HH-1").get_by_role("link", name="HH-1", exact=True).click()
        working.wait_for_url("**/invoices/*")
        working.get_by_role("button", name="More").click()
        working.get_by_role("link", name="Void").click()
        expect(working.get_by_role("dialog")).to_be_visible()
        found |= noted(working, f"dialog, {scheme}")
    assert found == {}


def test_what_is_under_way(working: Page, workplace: Workplace, file: Path):
    """The columns of another product's file, what would be imported, a rehearsal and its list, the last days."""
    working.goto("/invoices/import")
    working.get_by_label("CSV file").set_input_files(file)
    working.get_by_role("button", name="Check the file").click()
    expect(working.get_by_role("heading", name="Which column is which?")).to_be_visible()
    found = here(working, "columns")
    working.get_by_role("button", name="Check the file").click()
    expect(working.get_by_role("heading", name="Ready to import 2 invoices")).to_be_visible()
    found |= here(working, "ready to import")
    working.goto(QUICKBOOKS)
    working.get_by_role("button", name="Pause sending").click()
    workplace.add_invoices("HH-3", "HH-4")
    working.goto(f"{QUICKBOOKS}/rehearsal")
    found |= here(working, "before a rehearsal")
    working.get_by_role("button", name="Rehearse").click()
    number = working.get_by_role("link", name="2 invoices").first
    expect(number).to_be_visible(timeout=PUSHED)
    found |= here(working, "rehearsal")
    number.click()
    expect(working.get_by_role("link", name="HH-3")).to_be_visible()
    found |= here(working, "list of a rehearsal")
    workplace.write(under_way.half_a_rehearsal)
    working.goto(f"{QUICKBOOKS}/rehearsal")
    expect(working.get_by_role("progressbar", name="Rehearsing")).to_be_visible()
    found |= here(working, "under a rehearsal")
    working.goto(QUICKBOOKS)
    working.locator("#quickbooks-last-days summary").click()
    expect(working.get_by_role("columnheader", name="Half within")).to_be_visible()
    found |= here(working, "the last days")
    assert found == {}


def test_an_import_and_an_export_half_done(working: Page, workplace: Workplace):
    found = {}
    for start in (under_way.half_an_import, under_way.half_an_export):
        asked: list[str] = []
        workplace.write(lambda company, start=start, asked=asked: asked.append(start(company)))
        working.goto(asked[0])
        expect(working.get_by_role("progressbar")).to_have_attribute("value", "48")
        found |= here(working, asked[0])
    assert found == {}


def test_what_may_be_in_quickbooks_already(workplace: Workplace, sign_in):
    """A customer of another spelling, and an invoice of another number, each with its question."""
    phone = {"FreeFormNumber": "(207) 555-0101"}
    realm = workplace.realm()
    workplace.control(
        "POST", f"companies/{realm}/Customer", DisplayName="Harbor Grill LLC", PrimaryPhone=phone
    )
    people = [CustomerData(name="Harbor Grill", phone="(207) 555-0101")]
    workplace.write(lambda company: create_customers(company, people))
    workplace.write(earlier.write)
    page = sign_in(workplace.owner)
    page.emulate_media(reduced_motion="reduce")
    connect(page, workplace)
    expect(page.locator("#quickbooks-queue")).to_contain_text("may be in QuickBooks already", timeout=PUSHED)
    page.goto(f"{QUICKBOOKS}/matching")
    expect(page.locator("#quickbooks-matching-waiting")).to_contain_text("Harbor Grill LLC")
    found = here(page, "a doubtful customer")
    earlier.type_in(workplace, "1042", 100)
    page.goto(f"{QUICKBOOKS}/earlier")
    page.get_by_role("button", name="Look for them in QuickBooks").click()
    expect(page.get_by_role("button", name="Same invoice: OLD-0")).to_be_visible(timeout=PUSHED)
    found |= here(page, "an earlier invoice that is there")
    page.get_by_label("Select OLD-1").check()
    expect(page.locator("#selection")).to_contain_text("1 selected")
    found |= here(page, "earlier invoices selected")
    assert found == {}


def here(page: Page, what: str) -> dict[str, list[str]]:
    """The page as it stands."""
    found = {}
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        found |= in_both_schemes(page, f"{what} at {width}")
    return found


def findings(page: Page, addresses: list[str]) -> dict[str, list[str]]:
    found = {}
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for address in addresses:
            go_to(page, address)
            found |= in_both_schemes(page, f"{address} at {width}")
    return found


def in_both_schemes(page: Page, what: str) -> dict[str, list[str]]:
    """The page stays as it is, so the second time only its colours are looked at."""
    found = {}
    for scheme, rules in (("light", None), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme)
        found |= noted(page, f"{what}, {scheme}", rules)
    return found


def noted(page: Page, where: str, rules: list[str] | None = None) -> dict[str, list[str]]:
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark" if "dark" in where else "light")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    violations = page.evaluate(FINDINGS, rules)
    return {where: violations} if violations else {}
