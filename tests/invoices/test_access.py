"""Each role at each address of the invoices, and a stranger who must find nothing."""

import pytest

from app.accounts.models import Plan
from app.csv_import.models import CsvUpload
from app.extensions import db
from app.invoices.models import Invoice, InvoiceStatus
from tests.invoices import builders
from tests.people import Actor

OFFICE_PAGES = [("GET", "/invoices"), ("GET", "/invoices/{id}"), ("GET", "/invoices/{id}/row")]
OWNER_PAGES = [
    ("GET", "/invoices/new"),
    ("POST", "/invoices/new"),
    ("GET", "/invoices/customers"),
    ("GET", "/invoices/{id}/edit"),
    ("POST", "/invoices/{id}/edit"),
    ("GET", "/invoices/{id}/void"),
    ("POST", "/invoices/{id}/void"),
    ("POST", "/invoices/{id}/finalise"),
    ("POST", "/invoices/{id}/send"),
]
IMPORT_PAGES = [
    ("GET", "/invoices/import"),
    ("POST", "/invoices/import"),
    ("GET", "/invoices/import/template"),
    ("GET", "/invoices/import/{upload}"),
    ("POST", "/invoices/import/{upload}"),
]
ALL_PAGES = OFFICE_PAGES + OWNER_PAGES + IMPORT_PAGES
SOMEBODYS_PAGES = [page for page in ALL_PAGES if "{" in page[1]]


@pytest.fixture
def invoice(bakery) -> Invoice:
    return builders.invoice(bakery)


@pytest.fixture
def upload(owner) -> CsvUpload:
    kept = CsvUpload(company_id=owner.company_id, user_id=owner.user_id, kind="invoices", content="x\n1\n")
    db.session.add(kept)
    db.session.commit()
    return kept


def answer(actor: Actor, page: tuple[str, str], invoice: Invoice, upload: CsvUpload) -> int:
    method, address = page
    address = address.format(id=invoice.id, upload=upload.id)
    return actor.client.open(address, method=method).status_code


@pytest.mark.parametrize("page", ALL_PAGES, ids=" ".join)
def test_owners_may_do_everything(owner, invoice, upload, page):
    assert answer(owner, page, invoice, upload) in (200, 303, 422)


@pytest.mark.parametrize("page", ALL_PAGES, ids=" ".join)
def test_dispatchers_only_see(dispatcher, invoice, upload, page):
    assert answer(dispatcher, page, invoice, upload) == (200 if page in OFFICE_PAGES else 403)


@pytest.mark.parametrize("page", ALL_PAGES, ids=" ".join)
def test_technicians_have_no_invoices(technician, invoice, upload, page):
    assert answer(technician, page, invoice, upload) == 403


@pytest.mark.parametrize("page", SOMEBODYS_PAGES, ids=" ".join)
def test_another_companys_invoice_does_not_exist(stranger, invoice, upload, page):
    assert answer(stranger, page, invoice, upload) == 404
    db.session.expire_all()
    assert invoice.status is InvoiceStatus.DRAFT


@pytest.mark.parametrize("page", SOMEBODYS_PAGES, ids=" ".join)
def test_what_was_never_there_is_not_found(owner, page):
    method, address = page
    address = address.format(id=999_999_999, upload=999_999_999)
    assert owner.client.open(address, method=method).status_code == 404


def test_a_number_beyond_every_id_is_not_found(owner):
    assert owner.get("/invoices/99999999999999").status_code == 404


@pytest.mark.parametrize("page", ALL_PAGES, ids=" ".join)
def test_whoever_is_not_signed_in_is_sent_to_sign_in(app, invoice, upload, page):
    method, address = page
    response = app.test_client().open(address.format(id=invoice.id, upload=upload.id), method=method)
    assert response.status_code in (302, 303)
    assert "/sign-in" in response.location


@pytest.mark.parametrize("page", IMPORT_PAGES, ids=" ".join)
def test_the_free_plan_has_no_bulk_import(app, page):
    frugal = Actor.hired(app, "fay@frugal.example", company="Frugal Fixers", plan=Plan.FREE)
    response = frugal.client.open(page[1].format(upload=1), method=page[0])
    assert response.status_code == 403
    assert "part of Pro and Enterprise" in response.text


def test_dispatchers_are_not_offered_what_they_may_not_do(dispatcher, invoice):
    shown = dispatcher.get("/invoices").text + dispatcher.get(f"/invoices/{invoice.id}").text
    for offer in ("New invoice", "Import from CSV", "/edit", "Finalise</button>", "/void"):
        assert offer not in shown
    assert "View" in shown


def test_the_customers_page_shows_invoices_to_the_office_only(owner, dispatcher, technician, bakery):
    builders.invoice(bakery, status=InvoiceStatus.SENT)
    builders.invoice(bakery, status=InvoiceStatus.VOID)
    builders.invoice(bakery, status=InvoiceStatus.DRAFT)
    pages = {actor: actor.get(f"/customers/{bakery.id}").text for actor in (owner, dispatcher, technician)}
    assert "INV-2026-0001" in pages[owner]
    assert "Open balance <strong>$100.00</strong>" in pages[dispatcher]
    assert "New invoice" in pages[owner]
    assert "New invoice" not in pages[dispatcher]
    assert "INV-2026" not in pages[technician]
    assert "Open balance" not in pages[technician]
