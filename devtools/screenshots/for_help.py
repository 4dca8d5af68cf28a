"""The help's pictures, one a topic: a part of bin/screenshots. Each is taken when the page has what it shows."""

from playwright.sync_api import Page, expect

from devtools.screenshots.studio import Studio

QUICKBOOKS = "/settings/integrations/quickbooks"
PANEL, QUEUE = "#quickbooks-panel", "#quickbooks-queue"


def before_connecting(studio: Studio) -> None:
    studio.picture("connecting", PANEL, QUICKBOOKS)


def after_the_first_sync(studio: Studio) -> None:
    studio.picture("first-sync", QUEUE, QUICKBOOKS)
    studio.picture("status", PANEL, QUICKBOOKS)
    studio.picture("preferences", "#quickbooks-preferences", f"{QUICKBOOKS}/preferences", height=400)
    studio.picture("disconnecting", "main", f"{QUICKBOOKS}/disconnect", height=430)


def of_the_list(studio: Studio) -> None:
    studio.picture("what-syncs", ".invoice-table", "/invoices?sort=-number", height=360)
    studio.picture("one-invoice", ".invoice-table", "/invoices?view=overdue", _open_menu)


def of_trouble(studio: Studio) -> None:
    studio.picture("queue", QUEUE, QUICKBOOKS, height=460)


def of_a_reconnect(studio: Studio) -> None:
    studio.picture("troubleshooting", QUEUE, QUICKBOOKS)


def after_disconnecting(studio: Studio) -> None:
    studio.picture("another-company", PANEL, QUICKBOOKS)


def _open_menu(page: Page) -> None:
    """Of an invoice that was never sent, near the top of the list."""
    row = page.locator("tr").filter(has_text="Sync to QuickBooks").first
    row.get_by_role("button", name="Actions").click()
    expect(page.locator(".dropdown-menu.show")).to_be_visible()
