"""Pictures of QuickBooks' pages from the connecting to the parting, each where the one before it stopped."""

from playwright.sync_api import expect

from app.accounts.models import Company, Plan
from app.accounts.plans import change_plan
from app.quickbooks.account.connection import live_connection
from devtools import intuit_window
from devtools.screenshots import for_help
from devtools.screenshots.studio import PATIENCE, Studio

QUICKBOOKS = "/settings/integrations/quickbooks"
LONG_NAME = "Saint Bartholomew's Regional Hospital & Rehabilitation Center of Greater Portland, East Wing"


def before_connecting(studio: Studio) -> None:
    studio.take("integrations", "/settings/integrations")
    studio.take("quickbooks-disconnected", QUICKBOOKS)
    for_help.before_connecting(studio)
    studio.page.evaluate("window.open = () => null")
    studio.page.get_by_role("link", name="Connect to QuickBooks").click()
    studio.take("quickbooks-window-blocked")
    for problem in ("access_denied", "state", "not_opened", "in_use", "still_linked", "unavailable"):
        studio.take(f"window-{problem}", f"/integrations/quickbooks/not-connected?problem={problem}")
    studio.take("quickbooks-disconnected-there", "/integrations/quickbooks/disconnected")
    _open_menu(studio)
    studio.page.locator(".dropdown-menu.show [data-bs-toggle=tooltip]").focus()
    expect(studio.page.get_by_role("tooltip")).to_be_visible()
    studio.take("invoices-menu-disconnected")


def first_sync(studio: Studio) -> None:
    studio.simulator("settings", latency_ms=2000)
    studio.page.goto(QUICKBOOKS)
    with studio.page.expect_popup() as popup:
        studio.page.get_by_role("link", name="Connect to QuickBooks").click()
    intuit_window.agree(popup.value, studio.realm())
    studio.wait_for("Sync in progress")
    studio.take("quickbooks-in-progress")
    studio.simulator("settings", latency_ms=0)
    studio.wait_for("Queue empty")
    studio.take("quickbooks-connected", QUICKBOOKS)
    for_help.after_the_first_sync(studio)
    studio.take("integrations-connected", "/settings/integrations")
    studio.take("window-connected", "/integrations/quickbooks/connected")
    studio.take("quickbooks-disconnect", f"{QUICKBOOKS}/disconnect")
    studio.page.goto(f"{QUICKBOOKS}/preferences")
    studio.page.locator("option").evaluate_all("options => options.forEach(one => one.value = 'none')")
    studio.page.get_by_role("button", name="Save").click()
    studio.take("quickbooks-preferences-refused")


def invoices(studio: Studio) -> None:
    """One is sent, one fails, one waits."""
    for detail in ("", "Not today", "Please wait a few minutes and try again."):
        if detail:
            fault = {"effect": "fault", "operation": "invoice.create", "code": "6000", "detail": detail}
            studio.simulator("scripts", **fault)
        _open_menu(studio)
        studio.page.locator(".dropdown-menu.show").get_by_role("button", name="Sync to QuickBooks").click()
        expect(studio.page.locator("[data-standing=Queued]")).to_have_count(0, timeout=PATIENCE)
    for_help.of_the_list(studio)
    _open_menu(studio)
    studio.take("invoices-menu")
    studio.page.goto("/invoices")
    studio.page.locator("tr", has_text="Needs you").first.get_by_role("link").first.click()
    studio.take("invoice")


def mapping(studio: Studio) -> None:
    studio.page.goto(f"{QUICKBOOKS}/items")
    studio.page.get_by_label("QuickBooks item for").first.fill(LONG_NAME)
    studio.page.get_by_role("button", name="Save").click()
    studio.take("quickbooks-items")
    studio.take("quickbooks-tax-and-terms", f"{QUICKBOOKS}/tax-and-terms")


def tie_out(studio: Studio) -> None:
    studio.take("tie-out-first", f"{QUICKBOOKS}/tie-out")
    studio.page.get_by_role("button", name="Compare now").click()
    studio.wait_for("Compare again")
    studio.take("tie-out")
    studio.page.locator("a[href*='verdict=waiting']").last.click()
    studio.take("tie-out-invoices")


def trouble(studio: Studio) -> None:
    fault = {"effect": "fault", "operation": "customer.create", "code": "2050", "message": "Too long"}
    studio.simulator("scripts", **fault)
    studio.add_customers(LONG_NAME)
    studio.page.goto(QUICKBOOKS)
    studio.wait_for(LONG_NAME)
    studio.add_customers(LONG_NAME)
    studio.take("quickbooks-errors", QUICKBOOKS)
    for_help.of_trouble(studio)
    studio.queue.get_by_role("link", name="History").first.click()
    studio.take("quickbooks-history")


def stopped(studio: Studio) -> None:
    studio.simulator("scripts", effect="throttle", times=2)
    studio.add_customers("Rivera HVAC")
    studio.page.goto(QUICKBOOKS)
    studio.wait_for("Sync is paused")
    studio.take("quickbooks-paused")
    studio.write(lambda company: change_plan(company, Plan.FREE))
    studio.take("quickbooks-gone-to-free", QUICKBOOKS)
    studio.write(lambda company: change_plan(company, Plan.PRO))


def reconnect(studio: Studio) -> None:
    studio.write(_end_pause)
    fault = {"effect": "fault", "operation": "query", "code": "3200", "message": "Revoked", "times": None}
    studio.simulator("scripts", **fault)
    studio.page.goto(QUICKBOOKS)
    studio.queue.get_by_role("button", name="Retry").first.click()
    studio.wait_for("Reconnect needed")
    studio.take("quickbooks-reconnect-needed", QUICKBOOKS)
    for_help.of_a_reconnect(studio)


def parting(studio: Studio) -> None:
    """What is still said after a disconnect."""
    studio.page.goto(f"{QUICKBOOKS}/disconnect")
    studio.page.get_by_role("button", name="Disconnect").click()
    studio.take("quickbooks-after-disconnect", QUICKBOOKS)
    studio.take("invoices-after-disconnect", "/invoices")
    for_help.after_disconnecting(studio)


def _end_pause(company: Company) -> None:
    if connection := live_connection(company.id):
        connection.paused_until = None


def _open_menu(studio: Studio) -> None:
    """Of the first invoice that was never sent."""
    studio.page.goto("/invoices")
    row = studio.page.locator("tr").filter(has_text="Sync to QuickBooks").first
    row.get_by_role("button", name="Actions").click()
