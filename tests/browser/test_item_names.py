"""Typing an item finds QuickBooks' own, and leaves the writer alone."""

from playwright.sync_api import Page, expect

from app.accounts.models import Company
from app.extensions import db
from app.quickbooks.account.connection import live_connection
from app.quickbooks.models import KnownRecord, RecordKind
from tests.browser.workplace import Workplace


def list_items(company: Company) -> None:
    names = [*(f"Part {number:04}" for number in range(3_000)), "Zone valve"]
    of = {"connection_id": live_connection(company.id).id, "kind": RecordKind.ITEM}
    db.session.add_all(
        KnownRecord(**of, remote_id=f"listed {name}", key=name.casefold(), name=name) for name in names
    )


def proposed(page: Page, name: str):
    return page.locator(f'#item-names option[value="{name}"]')


def test_typing_finds_what_the_form_left_out_and_keeps_the_focus(workplace: Workplace, sign_in):
    workplace.connect()
    workplace.write(list_items)
    page = sign_in(workplace.owner)
    page.goto("/invoices/new")
    page.get_by_role("button", name="Add a line").click()
    second = page.get_by_label("Item").nth(1)
    expect(second).to_be_focused()
    expect(proposed(page, "Part 0000")).to_have_count(1)
    expect(proposed(page, "Zone valve")).to_have_count(0)
    second.press_sequentially("valv")
    expect(proposed(page, "Zone valve")).to_have_count(1)
    expect(proposed(page, "Part 0000")).to_have_count(0)
    expect(second).to_be_focused()
    expect(second).to_have_value("valv")
    page.keyboard.type("e")
    expect(second).to_have_value("valve")
