"""An invoice goes by e-mail out of a dialog: what is wrong is said beside its field, and nothing typed is lost."""

import re
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from app.accounts.models import Company
from app.customers.records import CustomerData, create_customers
from app.invoices.dates import today
from app.invoices.lifecycle import finalise
from app.invoices.records import InvoiceData, LineData, create_draft
from devtools.waiting import wait_until
from tests.browser.workplace import Workplace

NUMBER = re.compile(r"^INV-\d{4}-0001$")


@pytest.fixture
def recipient() -> str:
    return f"bea-{uuid.uuid4().hex[:8]}@bakery.example"


@pytest.fixture
def generated(workplace: Workplace, recipient: str) -> Workplace:
    """With one invoice of $100.00 for a customer who has an address."""

    def write(company: Company) -> None:
        (customer,) = create_customers(company, [CustomerData(name="Bea's Bakery", email=recipient)])
        day = today(company)
        line = LineData("Service call", Decimal(1), Decimal(100))
        finalise(create_draft(company, InvoiceData(customer.id, day, day + timedelta(days=30), lines=[line])))

    workplace.write(write)
    return workplace


def status(page: Page):
    return page.locator(".record-head .invoice-status")


def test_it_goes_with_its_pdf(generated, sign_in, stack, recipient):
    page = sign_in(generated.owner)
    page.goto("/invoices")
    page.get_by_role("link", name=NUMBER).click()
    expect(status(page)).to_have_text("Generated")
    page.wait_for_load_state()
    page.get_by_role("link", name="Send by e-mail", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("To")).to_have_value(recipient)

    dialog.get_by_label("To").fill("bea@bakery")  # a browser lets that pass
    dialog.get_by_label("Subject").fill("Your bill, Bea")
    dialog.get_by_role("button", name="Send", exact=True).click()
    expect(dialog.get_by_text("Enter one e-mail address")).to_be_visible()
    expect(dialog.get_by_label("Subject")).to_have_value("Your bill, Bea")

    dialog.get_by_label("To").fill(recipient)
    dialog.get_by_role("button", name="Send", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text(recipient).first).to_be_visible()

    def letters() -> list:
        return [letter for letter in stack.mailbox.letters if letter.recipient == recipient]

    wait_until(letters, f"a letter to {recipient}", seconds=40)
    (letter,) = letters()
    assert letter.subject == "Your bill, Bea"
    assert [name for name, _ in letter.attachments] == [f"{page.locator('h1').inner_text()}.pdf"]

    # The worker writes down that the letter has left; the page follows without a reload.
    expect(status(page)).to_have_text("Sent", timeout=40_000)
    expect(page.get_by_role("button", name="Mark as sent")).to_have_count(0)
    page.get_by_role("link", name="Record payment").click()
    expect(dialog.get_by_label("Amount")).to_be_visible()
