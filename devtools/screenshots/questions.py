"""Pictures of what asks, of what is left out, and of what colleagues see: a part of bin/screenshots."""

import requests
from playwright.sync_api import expect
from sqlalchemy import select

from app.accounts.models import Company, User
from app.csv_export.models import CsvExport
from app.csv_export.running import NUDGES
from app.demo.company import PEOPLE
from app.extensions import db
from app.invoices.disputes import dispute
from app.invoices.events import invoices_changed
from app.invoices.models import Invoice, InvoiceStatus
from app.quickbooks.models import RecordKind, RemoteLink
from devtools.screenshots.studio import PATIENCE, Studio, sign_in

QUICKBOOKS = "/settings/integrations/quickbooks"
THERE, HERE = "QB-77", "HH-1077"


def both_sides(studio: Studio) -> None:
    """An invoice that somebody renumbered in QuickBooks: Force re-sync shows both, an edit here asks."""
    page = studio.page
    page.goto("/invoices")
    row = page.locator("tr", has_text="In QuickBooks").first
    number = row.get_by_role("link").first.inner_text()
    books = f"{studio.stack.simulator_url}/_simulator/books/{studio.realm()}"
    theirs = requests.get(books, timeout=30).json()["Invoice"]
    remote_id = next(one["Id"] for one in theirs if one["DocNumber"] == number)
    studio.simulator(f"companies/{studio.realm()}/invoice/{remote_id}/edit", DocNumber=THERE)
    row.get_by_role("button", name="Actions").click()
    row.get_by_role("link", name="Force re-sync").click()
    expect(page.get_by_role("dialog")).to_contain_text(THERE)
    studio.take("ask-both-sides")
    studio.write(lambda company: _renumber(company, number))
    page.goto(QUICKBOOKS)
    studio.wait_for(THERE)
    studio.take("quickbooks-question", QUICKBOOKS)


def left_out(studio: Studio) -> None:
    page = studio.page
    page.goto("/invoices?status=overdue")
    page.locator("tr", has_text="Not sent").first.get_by_role("link").first.click()
    page.get_by_role("link", name="Leave out").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    studio.take("ask-leave-out")
    page.get_by_label("Reason").fill("Paid in cash before we connected")
    page.get_by_role("dialog").get_by_role("button", name="Leave out").click()
    expect(page.locator("main")).to_contain_text("Paid in cash before we connected", timeout=PATIENCE)
    studio.take("invoice-left-out")
    studio.take("quickbooks-left-out", f"{QUICKBOOKS}/left-out")


def endings(studio: Studio) -> None:
    """What is in QuickBooks and contested, and money that goes back."""
    ids: list[int] = []
    studio.write(lambda company: ids.extend((_contest(company), _refunded(company))))
    disputed, refunded = ids
    studio.take("invoice-disputed-there", f"/invoices/{disputed}")
    studio.take("invoice-reissue", f"/invoices/{disputed}/reissue")
    studio.take("ask-void-refunded", f"/invoices/{refunded}/void")


def selection_and_file(studio: Studio) -> None:
    page = studio.page
    page.goto("/invoices")
    for box in page.locator("[data-select]").all()[:3]:
        box.check()
    expect(page.locator("#selection")).to_contain_text("3 selected")
    studio.take("invoices-selected")
    asked: list[int] = []
    studio.write(lambda company: asked.append(_ask_for_file(company)))
    page.goto(f"/invoices/exports/{asked[0]}")
    studio.wait_for("Your file is ready")
    studio.take("invoices-export")


def colleagues(studio: Studio) -> None:
    """The same company, as its Dispatcher, its Technician and its Bookkeeper see it."""
    browser = studio.page.context.browser
    assert browser is not None
    for email, name, role in PEOPLE[1:]:
        person = sign_in(studio.stack, browser, studio.folder, email)
        person.take(f"{role.value}-home", "/home")
        person.take(f"{role.value}-customers", "/customers")
        if name != "Tess Moreau":
            person.take(f"{role.value}-invoices", "/invoices?view=needs_you")
        person.page.context.close()


def _renumber(company: Company, number: str) -> None:
    invoice = db.session.query(Invoice).filter_by(company_id=company.id, number=number).one()
    invoice.number = HERE
    db.session.flush()
    invoices_changed.send(company.id, ids=[invoice.id])


def _contest(company: Company) -> int:
    """Paid in part and sent to QuickBooks."""
    there = select(RemoteLink.record_id).where(RemoteLink.kind == RecordKind.INVOICE)
    partly = Invoice.status == InvoiceStatus.PARTIALLY_PAID
    paid = select(Invoice).where(Invoice.company_id == company.id, partly, Invoice.id.in_(there))
    invoice = db.session.scalars(paid.limit(1)).one()
    dispute(invoice, "Two hours were billed, one was worked")
    return invoice.id


def _refunded(company: Company) -> int:
    back = Invoice.status == InvoiceStatus.REFUNDED
    found = select(Invoice.id).where(Invoice.company_id == company.id, back)
    return db.session.scalars(found.limit(1)).one()


def _ask_for_file(company: Company) -> int:
    user = db.session.query(User).filter_by(company_id=company.id).order_by(User.id).first()
    assert user is not None
    export = CsvExport(company_id=company.id, user_id=user.id, kind="invoices", query="")
    db.session.add(export)
    db.session.commit()
    NUDGES.give(export.id)
    return export.id
