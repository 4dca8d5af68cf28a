"""Each role at each address of the invoices, and a stranger who must find nothing."""

import pytest

from app.accounts.models import Plan
from app.csv_import.models import CsvUpload
from app.extensions import db
from app.invoices.models import Invoice, InvoiceStatus, Payment, PaymentMethod
from tests.invoices import builders
from tests.people import Actor

OFFICE_PAGES = [("GET", "/invoices"), ("GET", "/invoices/{id}"), ("GET", "/invoices/{id}/row")]
OWNER_PAGES = [
    ("GET", "/invoices/new"),
    ("POST", "/invoices/new"),
    ("GET", "/invoices/customers"),
    ("GET", "/invoices/items"),
    ("GET", "/invoices/{id}/edit"),
    ("POST", "/invoices/{id}/edit"),
    ("GET", "/invoices/{id}/void"),
    ("POST", "/invoices/{id}/void"),
    ("POST", "/invoices/{id}/finalise"),
    ("POST", "/invoices/{id}/send"),
    ("GET", "/invoices/{id}/payments/new"),
    ("POST", "/invoices/{id}/payments/new"),
    ("GET", "/invoices/payments/{payment}/take-back"),
    ("POST", "/invoices/payments/{payment}/take-back"),
    ("GET", "/invoices/{id}/refunds/new"),
    ("POST", "/invoices/{id}/refunds/new"),
    ("GET", "/invoices/{id}/dispute"),
    ("POST", "/invoices/{id}/dispute"),
    ("GET", "/invoices/{id}/dispute/withdraw"),
    ("POST", "/invoices/{id}/dispute/withdraw"),
    ("GET", "/invoices/{id}/reissue"),
    ("POST", "/invoices/{id}/reissue"),
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


@pytest.fixture
def payment(invoice) -> Payment:
    """On a draft nobody pays; here it only has to be somebody's."""
    received = {"amount": 1, "method": PaymentMethod.CASH, "received_on": invoice.issue_date}
    recorded = Payment(company_id=invoice.company_id, invoice=invoice, **received)
    db.session.add(recorded)
    db.session.commit()
    return recorded


@pytest.fixture
def ids(invoice, payment, upload) -> dict[str, int]:
    """What the addresses are about."""
    return {"id": invoice.id, "payment": payment.id, "upload": upload.id}


def answer(actor: Actor, page: tuple[str, str], ids: dict[str, int]) -> int:
    method, address = page
    return actor.client.open(address.format(**ids), method=method).status_code


@pytest.mark.parametrize("page", ALL_PAGES, ids=" ".join)
def test_owners_may_do_everything(owner, ids, page):
    assert answer(owner, page, ids) in (200, 303, 422)


@pytest.mark.parametrize("page", ALL_PAGES, ids=" ".join)
def test_dispatchers_only_see(dispatcher, ids, page):
    assert answer(dispatcher, page, ids) == (200 if page in OFFICE_PAGES else 403)


@pytest.mark.parametrize("page", ALL_PAGES, ids=" ".join)
def test_technicians_have_no_invoices(technician, ids, page):
    assert answer(technician, page, ids) == 403


@pytest.mark.parametrize("page", SOMEBODYS_PAGES, ids=" ".join)
def test_another_companys_invoice_does_not_exist(stranger, invoice, ids, page):
    assert answer(stranger, page, ids) == 404
    db.session.expire_all()
    assert invoice.status is InvoiceStatus.DRAFT


@pytest.mark.parametrize("page", SOMEBODYS_PAGES, ids=" ".join)
def test_what_was_never_there_is_not_found(owner, page):
    method, address = page
    nobodys = dict.fromkeys(("id", "payment", "upload"), 999_999_999)
    assert owner.client.open(address.format(**nobodys), method=method).status_code == 404


def test_a_number_beyond_every_id_is_not_found(owner):
    assert owner.get("/invoices/99999999999999").status_code == 404


@pytest.mark.parametrize("page", ALL_PAGES, ids=" ".join)
def test_whoever_is_not_signed_in_is_sent_to_sign_in(app, ids, page):
    method, address = page
    response = app.test_client().open(address.format(**ids), method=method)
    assert response.status_code in (302, 303)
    assert "/sign-in" in response.location


@pytest.mark.parametrize("page", IMPORT_PAGES, ids=" ".join)
def test_the_free_plan_has_no_bulk_import(app, page):
    frugal = Actor.hired(app, "fay@frugal.example", company="Frugal Fixers", plan=Plan.FREE)
    response = frugal.client.open(page[1].format(upload=1), method=page[0])
    assert response.status_code == 403
    assert "part of Pro and Enterprise" in response.text


@pytest.mark.parametrize("page", [page for page in OWNER_PAGES if page[0] == "GET"], ids=" ".join)
def test_every_form_carries_its_token(owner, bakery, ids, page):
    """Each form that is posted, whatever the invoice's status offers."""
    for status in (InvoiceStatus.DRAFT, InvoiceStatus.PARTIALLY_PAID, InvoiceStatus.DISPUTED):
        ids["id"] = builders.invoice(bakery, status=status).id
        shown = owner.get(page[1].format(**ids)).text
        assert shown.count('name="csrf_token"') == shown.count('method="post"')


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
