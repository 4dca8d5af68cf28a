"""Pictures of every page, wide and narrow, from a fresh stack with the demo company. See bin/screenshots.

Each scene goes on where the one before it stopped. With --keep the pictures of the help and of the README are put
in their places.
"""

import argparse
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from app import create_app
from app.accounts.models import Company, Plan
from app.accounts.plans import change_plan
from app.config import from_environment
from app.demo.company import FREE_OWNER, PEOPLE, build
from app.invoices.models import InvoiceStatus
from app.quickbooks.account.connection import live_connection
from devtools import intuit_window
from devtools import screenshots_of_help as help_pictures
from devtools import screenshots_of_people as people
from devtools import screenshots_of_questions as questions
from devtools import screenshots_of_steps as steps
from devtools.browser import FLAGS, chromium_path
from devtools.stack import ROOT, Stack, running
from devtools.studio import OWNER, PATIENCE, Studio, sign_in

QUICKBOOKS = "/settings/integrations/quickbooks"
DISPATCHER, TECHNICIAN = PEOPLE[1][0], PEOPLE[2][0]
LONG_NAME = "Saint Bartholomew's Regional Hospital & Rehabilitation Center of Greater Portland, East Wing"


def rooms(studio: Studio) -> None:
    for name, address in {
        "home": "/home",
        "search": "/search?q=bakery",
        "help": "/help",
        "help-topic": "/help/connecting",
        "styleguide": "/styleguide",
        "customers": "/customers",
        "customers-no-match": "/customers?q=nobody",
        "customer-new": "/customers/new",
        "customers-import": "/customers/import",
        "invoices": "/invoices",
        "invoices-overdue": "/invoices?view=overdue&sort=due",
        "invoice-new": "/invoices/new",
        "invoices-import": "/invoices/import",
        "settings-company": "/settings/company",
        "settings-plan": "/settings/plan",
        "activity": "/activity",
        "activity-filtered": "/activity?kind=invoice&record=hh",
        "activity-no-match": "/activity?from=2001-01-01&to=2001-01-02",
        "settings-notifications": "/settings/notifications",
        "not-found": "/nowhere",
    }.items():
        studio.take(name, address)
    studio.page.goto("/customers")
    studio.page.locator("main tbody a").first.click()
    studio.take("customer")


def lives(studio: Studio) -> None:
    """An invoice of each status, and what its steps ask."""
    for status in InvoiceStatus:
        _open_invoice(studio, status)
        studio.take(f"invoice-{status}")
    for step in ("Record payment", "Refund", "Dispute", "Void"):
        _open_invoice(studio, InvoiceStatus.PARTIALLY_PAID)
        if step != "Record payment":
            studio.page.get_by_role("button", name="More").click()
        studio.page.get_by_role("link", name=step, exact=True).click()
        expect(studio.page.get_by_role("dialog")).to_be_visible()
        studio.take(f"ask-{step.lower().replace(' ', '-')}")
    _open_invoice(studio, InvoiceStatus.DISPUTED)
    studio.page.get_by_role("link", name="Reissue").click()
    studio.take("invoice-reissue")


def _open_invoice(studio: Studio, status: InvoiceStatus) -> None:
    studio.page.goto(f"/invoices?status={status}")
    studio.page.locator("main tbody a").first.click()
    studio.page.wait_for_load_state()


def mail(studio: Studio) -> None:
    """An invoice that goes by e-mail, one that is refused, and what the page and the settings say then."""
    mailbox = studio.mailbox
    for answer in ("", "550 No such person here"):
        _open_invoice(studio, InvoiceStatus.GENERATED)
        studio.page.get_by_role("link", name="Send by e-mail").click()
        studio.page.locator("#recipient").fill("bea@bakery.example")
        studio.take(f"ask-email{'-refused' if answer else ''}")
        mailbox.answer("rcpt", *([answer] if answer else []))
        studio.page.get_by_role("button", name="Send", exact=True).click()
        expect(studio.page.locator("main")).to_contain_text(
            "No such person" if answer else "bea@bakery.example", timeout=PATIENCE
        )
        expect(studio.page.get_by_text("On its way …", exact=True)).to_be_hidden(timeout=PATIENCE)
        studio.take(f"invoice-emailed{'-refused' if answer else ''}")
    studio.take("settings-company-mail", "/settings/company")


def before_connecting(studio: Studio) -> None:
    studio.take("integrations", "/settings/integrations")
    studio.take("quickbooks-disconnected", QUICKBOOKS)
    help_pictures.before_connecting(studio)
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
    help_pictures.after_the_first_sync(studio)
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
    help_pictures.of_the_list(studio)
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
    help_pictures.of_trouble(studio)
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
    help_pictures.of_a_reconnect(studio)


def parting(studio: Studio) -> None:
    """What is still said after a disconnect."""
    studio.page.goto(f"{QUICKBOOKS}/disconnect")
    studio.page.get_by_role("button", name="Disconnect").click()
    studio.take("quickbooks-after-disconnect", QUICKBOOKS)
    studio.take("invoices-after-disconnect", "/invoices")
    help_pictures.after_disconnecting(studio)


def _end_pause(company: Company) -> None:
    if connection := live_connection(company.id):
        connection.paused_until = None


def _open_menu(studio: Studio) -> None:
    """Of the first invoice that was never sent."""
    studio.page.goto("/invoices")
    row = studio.page.locator("tr").filter(has_text="Sync to QuickBooks").first
    row.get_by_role("button", name="Actions").click()


SCENES = (
    rooms,
    people.team,
    lives,
    mail,
    before_connecting,
    steps.there_already,
    first_sync,
    steps.matching,
    steps.earlier,
    steps.columns,
    steps.progress,
    invoices,
    questions.both_sides,
    questions.left_out,
    questions.selection_and_file,
    mapping,
    tie_out,
    trouble,
    questions.colleagues,
    steps.rehearsal,
    stopped,
    reconnect,
    parting,
)
# As far as the help needs them.
HELP = (before_connecting, first_sync, steps.columns, invoices, trouble, steps.rehearsal, reconnect, parting)
# What the README shows, and from which picture.
README = {
    "quickbooks.png": "quickbooks-question-light-1280.png",
    "invoices.png": "invoices-selected-light-1280.png",
    "invoice-dark.png": "invoice-dark-1280.png",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/screenshots", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / ".dev" / "screenshots")
    parser.add_argument("--keep", action="store_true", help="put them into the help and the README")
    parser.add_argument(
        "--only-help", action="store_true", help="take the help's pictures alone, which is quicker"
    )
    asked = parser.parse_args()
    folder: Path = asked.folder
    folder.mkdir(parents=True, exist_ok=True)
    with running(("--no-limits",)) as stack, sync_playwright() as playwright:
        with create_app(from_environment(stack.environment)).app_context():
            build()
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        owner = sign_in(stack, browser, folder, OWNER, takes_pages=not asked.only_help)
        for scene in HELP if asked.only_help else SCENES:
            scene(owner)
        if not asked.only_help:
            _take_others(stack, browser, folder)
        browser.close()
    if asked.keep:
        _keep(folder)
    print(f"The pictures are in {folder}.")
    return 0


def _take_others(stack: Stack, browser: Browser, folder: Path) -> None:
    """Who is not signed in, who has nothing yet, and who may not."""
    people.doors(Studio(stack, browser.new_context(base_url=stack.web_url).new_page(), folder))
    beginner = sign_in(stack, browser, folder, FREE_OWNER)
    beginner.take("quickbooks-plan-gate", QUICKBOOKS)
    for page in ("home", "customers", "invoices", "activity"):
        beginner.take(f"{page}-empty", f"/{page}")
    people.profile(sign_in(stack, browser, folder, TECHNICIAN))
    sign_in(stack, browser, folder, DISPATCHER).take("dispatcher-refused", QUICKBOOKS)


def _keep(folder: Path) -> None:
    for file in (folder / "help").iterdir():
        shutil.copy(file, ROOT / "app" / "static" / "help")
    for name, picture in README.items():
        if (folder / picture).exists():
            with Image.open(folder / picture) as image:
                shown = image.crop((0, 0, image.width, min(image.height, 900)))  # as much as a window shows
                shown.save(ROOT / "docs" / "images" / name, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
