"""Pictures of the product without QuickBooks: its pages, an invoice's statuses and steps, its mail."""

from playwright.sync_api import expect

from app.invoices.models import InvoiceStatus
from devtools.screenshots.studio import PATIENCE, Studio


def pages(studio: Studio) -> None:
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
