"""A file of another product and a rehearsal, as an Owner meets them in the browser."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.steps import PUSHED, connect
from tests.browser.workplace import Workplace

QUICKBOOKS = "/settings/integrations/quickbooks"


def test_another_products_file_by_keyboard(workplace: Workplace, sign_in, file: Path):
    workplace.add_customers("Elm Street Bakery")
    page: Page = sign_in(workplace.owner)
    page.goto("/invoices/import")
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Check the file").press("Enter")
    expect(page.get_by_role("heading", name="Which column is which?")).to_be_visible()
    expect(page.get_by_label("Unit price")).to_have_value("ItemRate")
    expect(page.get_by_text("1 column of your file is left out")).to_be_visible()
    page.wait_for_load_state()  # the fields are there before the script that listens to them
    page.get_by_label("Notes").focus()
    page.keyboard.type("Service")  # as a person chooses, so that what is under the focus is swapped
    expect(page.get_by_role("row", name="Notes")).to_contain_text("3/1/2026")
    expect(page.get_by_label("Notes")).to_be_focused()
    for _ in range(4):
        page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Notes")).to_have_value("Memo")
    expect(page.get_by_role("row", name="Notes")).to_contain_text("Gate 4711")
    page.get_by_role("button", name="Check the file").press("Enter")
    expect(page.get_by_role("heading", name="Ready to import 2 invoices")).to_be_visible()
    page.get_by_label("Item of these lines").fill("Repairs")
    page.get_by_role("button", name="Import 2 invoices").press("Enter")
    expect(page.get_by_text("2 invoices were imported.")).to_be_visible()


def test_a_rehearsal_and_the_start(workplace: Workplace, sign_in):
    workplace.add_customers("Elm Street Bakery")
    page: Page = sign_in(workplace.owner)
    connect(page, workplace)
    page.goto(QUICKBOOKS)
    page.get_by_role("button", name="Pause sending").click()
    workplace.add_invoices("HH-1", "HH-2")
    page.goto(QUICKBOOKS)
    page.get_by_role("link", name="Rehearse first").click()
    page.get_by_role("button", name="Rehearse").click()
    expect(page.get_by_role("link", name="2 invoices")).to_be_visible(timeout=PUSHED)
    page.get_by_role("link", name="2 invoices").click()
    expect(page.get_by_role("link", name="HH-1")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Start sending").click()
    expect(page.get_by_text("Sending to QuickBooks has started.")).to_be_visible()
