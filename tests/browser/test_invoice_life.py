"""An invoice's life on its page: paid in parts, refunded, disputed and reissued, in a dialog and without script."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from app.accounts.models import Company
from app.customers.records import CustomerData, create_customers
from app.invoices.dates import today
from app.invoices.lifecycle import finalise, mark_sent
from app.invoices.records import InvoiceData, LineData, create_draft
from devtools.stack import Stack
from tests.browser.test_layout import LONG_NAME
from tests.browser.workplace import Workplace
from tests.people import PASSWORD

FIRST_ANYWHERE = re.compile(r"INV-\d{4}-0001")
FIRST, SECOND = (re.compile(rf"^INV-\d{{4}}-000{place}$") for place in (1, 2))


# Goes to a field of a form as soon as the form is in the dialog; answers with the field that has the focus at last.
HURRIES = """(name) => new Promise((answer) => {
    const content = document.getElementById("dialog-content");
    let isThere = false, isSettled = false;
    const end = () => isThere && isSettled && setTimeout(() => answer(document.activeElement.name));
    new MutationObserver((_, watcher) => {
        const field = content.querySelector(`[name=${name}]`);
        if (!field) return;
        watcher.disconnect();
        field.focus();
        isThere = true;
        end();
    }).observe(content, { childList: true, subtree: true });
    document.addEventListener("htmx:afterSettle", () => { isSettled = true; end(); }, { once: true });
    document.activeElement.click();
})"""


@pytest.fixture
def sent(workplace: Workplace) -> Workplace:
    """With one invoice of $100.00, sent, due in a month."""

    def write(company: Company) -> None:
        (customer,) = create_customers(company, [CustomerData(name=LONG_NAME)])
        day = today(company)
        line = LineData("Service call", Decimal(1), Decimal(100))
        invoice = create_draft(company, InvoiceData(customer.id, day, day + timedelta(days=30), lines=[line]))
        finalise(invoice)
        mark_sent(invoice)

    workplace.write(write)
    return workplace


def open_invoice(page: Page) -> None:
    page.goto("/invoices")
    page.get_by_role("link", name=FIRST).click()
    expect_status(page, "Sent")


def expect_status(page: Page, words: str) -> None:
    """On a page that is ready for a click: before its scripts, a link leads to a page of its own."""
    expect(page.locator(".record-head .invoice-status")).to_have_text(words)
    page.wait_for_load_state()


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def choose(page: Page, step: str) -> Locator:
    """A step of the menu; answers with its dialog."""
    page.get_by_role("button", name="More").click()
    page.get_by_role("link", name=step, exact=True).click()
    return dialog(page)


def sum_of(page: Page, name: str) -> Locator:
    return page.locator(".invoice-sums dt", has_text=name).locator("xpath=following-sibling::dd[1]")


def pay(page: Page, amount: str) -> None:
    page.get_by_role("link", name="Record payment").click()
    dialog(page).get_by_label("Amount").fill(amount)
    dialog(page).get_by_label("Method").select_option("Check")
    dialog(page).get_by_role("button", name="Record payment").click()


@pytest.mark.parametrize("width", [1280, 390])
def test_paid_in_parts_refunded_and_void(sent, sign_in, width):
    page = sign_in(sent.owner, width)
    open_invoice(page)
    page.get_by_role("link", name="Record payment").click()
    expect(dialog(page).get_by_label("Amount")).to_be_focused()
    expect(dialog(page).get_by_label("Amount")).to_have_value("100.00")
    dialog(page).get_by_role("link", name="Cancel").click()
    expect(dialog(page)).to_be_hidden()
    pay(page, "140")
    expect(dialog(page)).to_contain_text("The balance is $100.00; a payment cannot be more.")
    expect(dialog(page).get_by_label("Amount")).to_be_focused()
    dialog(page).get_by_label("Amount").fill("40")
    dialog(page).get_by_label("Reference").fill("1042")
    dialog(page).get_by_role("button", name="Record payment").click()
    expect_status(page, "Partially Paid")
    expect(sum_of(page, "Balance")).to_have_text("$60.00")
    pay(page, "60")
    expect_status(page, "Paid")

    expect(choose(page, "Void")).to_contain_text("Refund it first, then void it.")
    dialog(page).get_by_role("link", name="Refund it").click()
    expect(dialog(page).get_by_label("Amount")).to_have_value("100.00")
    dialog(page).get_by_label("Amount").fill("25")
    dialog(page).get_by_label("Reason").fill("Wrong part")
    dialog(page).get_by_role("button", name="Record refund").click()
    expect_status(page, "Partially Refunded")
    expect(page.get_by_role("row").filter(has_text="Wrong part")).to_contain_text("-$25.00")
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    choose(page, "Refund").get_by_label("Reason").fill("The rest too")
    dialog(page).get_by_role("button", name="Record refund").click()
    expect_status(page, "Refunded")
    choose(page, "Void").get_by_role("button", name="Void invoice").click()
    expect_status(page, "Void")
    expect(page.get_by_role("button", name="More")).to_have_count(0)
    expect(page.locator("aside li").first).to_contain_text("voided the invoice")


def test_a_dialog_takes_the_focus_from_nobody_who_fills_it_in(sent, sign_in):
    page = sign_in(sent.owner)
    open_invoice(page)
    page.get_by_role("link", name="Record payment").focus()
    assert page.evaluate(HURRIES, "reference") == "reference"
    dialog(page).get_by_label("Method").select_option("Check")
    dialog(page).get_by_role("button", name="Record payment").click()
    expect_status(page, "Paid")

    choose(page, "Void").get_by_role("link", name="Refund it").focus()
    assert page.evaluate(HURRIES, "reason") == "reason"


def test_a_payment_by_mistake_is_taken_back(sent, sign_in):
    page = sign_in(sent.owner)
    open_invoice(page)
    pay(page, "100")
    expect_status(page, "Paid")
    page.get_by_role("link", name="Take back").click()
    dialog(page).get_by_role("button", name="Take back payment").click()
    expect_status(page, "Sent")
    expect(page.get_by_role("row").filter(has_text="taken back")).to_contain_text("$100.00")


def contest(page: Page) -> None:
    choose(page, "Dispute").get_by_label("What the customer says").fill("Billed twice")
    dialog(page).get_by_role("button", name="Mark as disputed").click()
    expect_status(page, "Disputed")
    expect(page.locator(".alert[role=status]")).to_contain_text("Billed twice")


def test_disputed_withdrawn_and_reissued_with_its_money(sent, sign_in):
    page = sign_in(sent.owner)
    open_invoice(page)
    pay(page, "40")
    expect_status(page, "Partially Paid")
    contest(page)
    page.get_by_role("link", name="Withdraw dispute").click()
    dialog(page).get_by_role("button", name="Withdraw dispute").click()
    expect_status(page, "Partially Paid")

    contest(page)
    page.get_by_role("link", name="Reissue").click()
    page.get_by_label("Unit price").fill("30")
    expect(page.get_by_label("Move it to the corrected invoice")).to_be_checked()
    page.get_by_role("button", name="Reissue invoice").click()
    expect(page.get_by_text("less than the $40.00 received")).to_be_visible()
    page.get_by_label("Unit price").fill("50")
    page.get_by_role("button", name="Reissue invoice").click()
    expect(page.get_by_role("heading", name=SECOND)).to_be_visible()
    expect_status(page, "Partially Paid")
    expect(sum_of(page, "Balance")).to_have_text("$10.00")
    page.get_by_role("link", name=FIRST).click()
    expect_status(page, "Void")
    expect(page.get_by_role("link", name=SECOND)).to_be_visible()


def test_every_step_works_without_script(sent, browser: Browser, stack: Stack):
    context = browser.new_context(base_url=stack.web_url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(sent.owner)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    open_invoice(page)
    page.get_by_role("link", name="Record payment").click()
    page.get_by_label("Amount").fill("140")
    page.get_by_label("Method").select_option("Card")
    page.get_by_role("button", name="Record payment").click()
    expect(page.get_by_text("The balance is $100.00")).to_be_visible()
    page.get_by_label("Amount").fill("40")
    page.get_by_role("button", name="Record payment").click()
    expect_status(page, "Partially Paid")
    for step in ("Refund", "Dispute", "Void"):
        page.get_by_role("link", name=step, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(FIRST_ANYWHERE)
        page.get_by_role("link", name=re.compile("Cancel|Close")).click()
        expect_status(page, "Partially Paid")
    context.close()
