"""Pages fit a phone and a desk, names of any length included: nothing scrolls sideways, nothing is cut."""

from pathlib import Path

from playwright.sync_api import Page

from app.customers.records import CustomerData, LocationData, create_customers
from app.extensions import db
from app.invoices.lifecycle import mark_sent
from app.invoices.models import Invoice
from tests.browser.steps import PUSHED, compare_the_books, connect, go_to, queue, row
from tests.browser.workplace import TRACKED, Workplace

LONG_NAME = "Saint-Bartholomew-Regional-Hospital-and-Rehabilitation-Center-of-Greater-Portland-East-Wing"
PHONE = "(207) 555-0188"
QUICKBOOKS = "/settings/integrations/quickbooks"
ADDRESSES = [
    *("/home", "/search?q=saint", "/help", "/help/connecting", "/activity", "/styleguide"),
    *("/customers", "/customers/new", "/customers/import"),
    *("/invoices", "/invoices?q=saint&view=open", "/invoices/new", "/invoices/import"),
    *("/settings/company", "/settings/plan", "/settings/team", "/settings/notifications"),
    *("/profile", "/profile/two-step", "/settings/integrations"),
    *(QUICKBOOKS, f"{QUICKBOOKS}/items", f"{QUICKBOOKS}/tax-and-terms", f"{QUICKBOOKS}/tie-out"),
    *(f"{QUICKBOOKS}/payments", f"{QUICKBOOKS}/classes", f"{QUICKBOOKS}/disconnect"),
]
WIDTHS = (320, 390, 820, 1280)
# What is only for screen readers is one pixel on purpose, and a line of tabs is swiped on a phone.
MISFITS = """() => {
    const found = [];
    const name = (one) => one.id || one.name || one.className || one.tagName;
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) found.push(`the page needs ${root.scrollWidth} px`);
    for (const one of document.querySelectorAll("main *")) {
        if (!one.checkVisibility() || one.closest(".visually-hidden, .skip-link, svg")) continue;
        const style = getComputedStyle(one);
        const scrolls = ["auto", "scroll"].includes(style.overflowX) && !one.matches(".tabs-in-line");
        if (scrolls && one.tagName !== "TEXTAREA" && one.scrollWidth > one.clientWidth + 1)
            found.push(`${name(one)} scrolls sideways, ${one.scrollWidth} in ${one.clientWidth} px`);
        const cuts = ["hidden", "clip"].includes(style.overflowX) && one.clientWidth > 1;
        if (cuts && one.tagName !== "INPUT" && one.scrollWidth > one.clientWidth + 1)
            found.push(`${name(one)} is cut, ${one.scrollWidth} in ${one.clientWidth} px`);
        if (one.tagName === "SELECT" && one.selectedOptions.length) {
            const pen = document.createElement("canvas").getContext("2d");
            pen.font = style.font;
            const needed = pen.measureText(one.selectedOptions[0].label).width;
            const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
            if (needed > room + 1) found.push(`${name(one)} is cut, ${needed} in ${room} px`);
        }
    }
    return found;
}"""


def test_every_page_fits(workplace: Workplace, sign_in):
    page = sign_in(workplace.owner)
    connect(page, workplace, TRACKED)
    workplace.next_answer("customer.create", code="2050")
    workplace.add_customers(LONG_NAME)
    workplace.add_invoices("HH-1")
    workplace.write(
        lambda company: mark_sent(db.session.query(Invoice).filter_by(company_id=company.id).one())
    )
    page.goto(QUICKBOOKS)
    queue(page).get_by_role("link", name="History").first.wait_for(timeout=PUSHED)
    history = queue(page).get_by_role("link", name="History").first.get_attribute("href")
    compare_the_books(page)
    page.goto("/invoices")
    invoice = row(page, "HH-1").get_by_role("link", name="HH-1", exact=True).get_attribute("href")
    addresses = [*ADDRESSES, history, invoice, f"{invoice}/payments/new"]
    found = misfits(page, addresses)
    assert found == [], "\n".join(found)
    page.goto("/profile")
    page.locator("main").evaluate("main => { main.style.minWidth = '1400px'; }")  # it would find something
    assert page.evaluate(MISFITS)


def test_what_is_looked_at_beforehand_fits(workplace: Workplace, sign_in, file: Path):
    """The columns of a file, what would be imported, a doubtful customer, and a rehearsal with its list."""
    twin = {"DisplayName": f"{LONG_NAME} LLC", "PrimaryPhone": {"FreeFormNumber": PHONE}}
    workplace.control("POST", f"companies/{workplace.realm()}/Customer", **twin)
    page = sign_in(workplace.owner)
    connect(page, workplace)
    place = LocationData(street="4711 Old County Road West", city="Portland", state="ME", is_primary=True)
    people = [CustomerData(name=LONG_NAME, phone=PHONE), CustomerData("Elm Street Bakery", locations=[place])]
    workplace.write(lambda company: create_customers(company, people))
    page.goto("/invoices/import")
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("heading", name="Which column is which?").wait_for()
    found = misfits(page, [page.url])
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("heading", name="Ready to import 2 invoices").wait_for()
    found += misfits(page, [page.url])
    page.goto(QUICKBOOKS)
    page.get_by_text("may be in QuickBooks already").first.wait_for(timeout=PUSHED)
    page.goto(f"{QUICKBOOKS}/rehearsal")
    page.get_by_role("button", name="Rehearse").click()
    page.get_by_role("link", name="See all records").wait_for(timeout=PUSHED)
    records = page.get_by_role("link", name="See all records").get_attribute("href")
    found += misfits(page, [f"{QUICKBOOKS}/matching", f"{QUICKBOOKS}/rehearsal", records])
    assert found == [], "\n".join(found)


def misfits(page: Page, addresses: list[str]) -> list[str]:
    """What does not fit, and where."""
    found = []
    for address in addresses:
        go_to(page, address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found += [f"{address} at {width}: {problem}" for problem in page.evaluate(MISFITS)]
    return found


def test_the_views_of_the_invoices_hold_their_counts(workplace: Workplace, sign_in):
    page = sign_in(workplace.owner)
    workplace.add_invoices(*(f"HH-{place}" for place in range(12)))
    connect(page, workplace)
    for width in (320, 390, 600, 690, 820):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/invoices")
        views = page.locator(".list-view")
        assert views.filter(has_text="Not in QuickBooks 12").count() == 1
        spilt = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.innerText)"
        assert views.evaluate_all(spilt) == [], width
