"""A bookkeeper compares the books: the page follows by itself, and each number leads to its invoices."""

from playwright.sync_api import expect

from tests.browser.steps import PUSHED, connect, open_quickbooks, queue


def test_a_month_that_ties_and_one_invoice_deleted_there(workplace, sign_in):
    page = sign_in(workplace.owner)
    connect(page, workplace)
    workplace.add_invoices("HH-1", "HH-2")
    page.reload()
    expect(queue(page)).to_contain_text("Queue empty", timeout=PUSHED)
    open_quickbooks(page)
    page.get_by_role("link", name="Tie-out").click()
    page.get_by_role("button", name="Compare now").click()
    section = page.locator("#quickbooks-tie-out")
    expect(section).to_contain_text("Everything ties. $200.00 on 2 invoices", timeout=PUSHED)

    (gone, *_) = workplace.books("Invoice")
    workplace.control("POST", f"companies/{workplace.realm()}/invoice/{gone['Id']}/delete")
    page.get_by_role("button", name="Compare again").click()
    expect(section).to_contain_text("1 of 1 month does not tie", timeout=PUSHED)
    page.get_by_role("row", name="March 2026").get_by_role("link").last.click()
    expect(page.get_by_role("heading", name="Missing, March 2026")).to_be_visible()
    line = page.get_by_role("row").filter(has_text=gone["DocNumber"])
    expect(line).to_contain_text("It was in QuickBooks and is gone there.")
    line.get_by_role("link", name=gone["DocNumber"], exact=True).click()
    expect(page.get_by_role("heading", name=gone["DocNumber"])).to_be_visible()
