"""No request is answered by 5xx: the ones that once were, and a short fuzz (the long one is bench/fuzz.py)."""

import re
import unicodedata
from io import BytesIO

import pytest
from flask import Flask

from app.activity.models import ActivityKind
from app.activity.recording import record
from app.extensions import db, now
from app.invoices.listing import export
from app.quickbooks.models import RecordKind
from app.quickbooks.models.runs import RunState
from app.quickbooks.rehearsal.models import Fate, Rehearsal, RehearsalLine
from app.quickbooks.tie_out.models import TieOut, TieOutLine, Verdict
from app.web.keyset import PAGE_SIZE
from devtools.fuzz.world import World
from tests.invoices import builders
from tests.people import Actor
from tests.quickbooks import builders as quickbooks

QUICKBOOKS = "/settings/integrations/quickbooks"
CLOSED = "http://127.0.0.1:9"  # nothing of it reaches QuickBooks


@pytest.fixture
def product(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """As it is in production: an error meets the error page."""
    monkeypatch.setitem(app.config, "TESTING", False)
    for name in ("API", "AUTHORIZE", "TOKEN", "REVOKE"):
        monkeypatch.setitem(app.config, f"QUICKBOOKS_{name}_URL", CLOSED)
    return app


@pytest.mark.parametrize("host", ["..", "a b", "[::1", "a/b", "<script>", "\xf0\x9f", "localhost:99999999"])
@pytest.mark.parametrize("path", ["/sign-in", "/customers", "/nothing/here"])
def test_a_host_that_cannot_be_read(product, owner, host, path):
    for htmx in ({}, {"HTTP_HX_REQUEST": "true"}):
        answer = owner.get(path, environ_overrides={"HTTP_HOST": host, **htmx})
        assert answer.status_code in (200, 303, 400, 404)
        assert "Content-Security-Policy" in answer.headers


def test_a_host_that_cannot_be_read_in_a_request_that_is_refused_anyway(product, owner):
    answer = owner.post(
        "/sign-out", b"1", content_type="application/json", environ_overrides={"HTTP_HOST": ".."}
    )
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")


@pytest.mark.parametrize(
    "url", ["http://[", "/a\tb", "http://x/\xf0\x9f\x8e\x88", "http://x//evil.example", "\xff"]
)
def test_a_page_that_cannot_be_read(product, url):
    browser = product.test_client()
    overrides = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": url}
    answer = browser.get("/customers", environ_overrides=overrides)
    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"].startswith("/sign-in")
    assert "evil" not in answer.headers["HX-Redirect"]


@pytest.mark.parametrize("address", ["http://[", "/a\r\nX-Evil: 1", "/🎈", "////evil.example"])
def test_a_next_that_cannot_be_read(product, owner, address):
    answer = owner.get("/sign-in", query_string={"next": address})
    assert answer.status_code == 303
    assert answer.location in ("/", "/%F0%9F%8E%88")


@pytest.mark.parametrize(
    ("path", "field"), [("/invoices/new", "lines-²-item"), ("/customers/new", "locations-²-city")]
)
def test_a_row_number_that_is_none(product, owner, path, field):
    assert owner.post(path, {field: "x"}).status_code == 400


@pytest.mark.parametrize("path", ["/invoices/new", "/customers/new"])
def test_a_row_number_that_int_does_not_take(product, owner, path):
    room = path.split("/")[1].replace("invoices", "lines").replace("customers", "locations")
    assert owner.post(path, {f"{room}-{'1' * 5000}-x": "x"}).status_code == 400


@pytest.mark.parametrize("path", ["/invoices/new", "/sign-in", f"{QUICKBOOKS}/classes"])
def test_more_fields_than_a_form_has(product, owner, path):
    assert owner.post(path, {"value": ["x"] * 2990}).status_code != 400
    for fields in ({"value": ["x"] * 3001}, {f"lines-{place}-item": "x" for place in range(3001)}):
        assert owner.post(path, fields).status_code == 400


def test_lists_are_as_long_as_they_are(product, owner):
    quickbooks.connected(owner.company)
    for path, fields in (
        (f"{QUICKBOOKS}/earlier/send", {"ids": ["7"] * 3001}),
        (f"{QUICKBOOKS}/earlier/leave-out", {"ids": ["7"] * 3001, "reason": "Old"}),
        (f"{QUICKBOOKS}/earlier/page", {"ids": ["7"] * 3001}),
    ):
        assert owner.post(path, fields).status_code in (200, 303), path


@pytest.fixture
def lists(product: Flask, owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each list is longer than a page, and that of invoices too long for a file at once."""
    monkeypatch.setattr(export, "ROWS_AT_ONCE", 1)
    connection = quickbooks.connected(owner.company)
    customer = quickbooks.customer(owner.company)
    invoices = [quickbooks.invoice(customer) for _ in range(PAGE_SIZE + 1)]
    done = {"connection_id": connection.id, "finished_at": now()}
    tie_out, rehearsal = TieOut(state=RunState.DONE, **done), Rehearsal(state=RunState.DONE, **done)
    db.session.add_all((tie_out, rehearsal))
    db.session.flush()
    for one in invoices:
        kept = {"verdict": Verdict.NOT_SENT, "total_here": one.total, "balance_here": one.balance}
        db.session.add(
            TieOutLine(tie_out_id=tie_out.id, invoice_id=one.id, issue_date=one.issue_date, **kept)
        )
        told = {"kind": RecordKind.INVOICE, "name": one.number, "amount": one.total, "fate": Fate.GOES}
        db.session.add(RehearsalLine(rehearsal_id=rehearsal.id, record_id=one.id, **told))
        record(ActivityKind.SYNC, "left it out", owner.company_id)
    db.session.commit()


@pytest.mark.parametrize(
    "path",
    [
        *("/invoices", "/invoices/invoices.csv", "/activity"),
        f"{QUICKBOOKS}/activity",
        f"{QUICKBOOKS}/tie-out/1/invoices",
        f"{QUICKBOOKS}/rehearsal/1/records",
    ],
)
def test_an_argument_that_url_for_takes_for_itself(lists, owner, path):
    for name in ("endpoint", "_method", "_scheme", "_external", "__obj", "tie_out_id", "rehearsal_id"):
        for query in (f"{name}=x", f"{name}=x&_external="):
            answer = owner.get(f"{path}?{query}")
            assert answer.status_code == 200, query
    assert re.search(r'(\.csv|/invoices/exports|after=\d+)[?"]', answer.text), "the links were made"


@pytest.mark.parametrize("body", [b"1", b"[]", b"null", b"{}", b"no JSON"])
def test_json_is_no_form(product, owner, body):
    answer = owner.post("/invoices/new", body, content_type="application/json")
    assert answer.status_code == 415


@pytest.mark.parametrize("typed", [" ", "", "\t"])
def test_a_blank_day_is_a_mistake(product, owner, typed):
    invoice = builders.invoice(builders.customer(owner.company))
    lines = {"lines-0-item": "Labor", "lines-0-quantity": "1", "lines-0-unit_price": "10"}
    fields = {"customer_id": "1", "due_date": "2026-04-01", "discount_kind": "none", **lines}
    answer = owner.post("/invoices/new", {**fields, "issue_date": typed})
    assert answer.status_code == 422
    assert "Enter a day." in answer.text
    owner.post(f"/invoices/{invoice.id}/finalise")
    owner.post(f"/invoices/{invoice.id}/send")
    for path, field in (
        (f"/invoices/{invoice.id}/edit", "due_date"),
        (f"/invoices/{invoice.id}/payments/new", "received_on"),
    ):
        answer = owner.post(path, {"amount": "1", "method": "cash", field: typed})
        assert answer.status_code == 422
        assert "Enter a day." in answer.text


@pytest.fixture
def normalized(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How long each text is that somebody normalizes, which takes quadratic time of marks like these."""
    lengths, normalize = [], unicodedata.normalize

    def count(form: str, text: str) -> str:
        lengths.append(len(text))
        return normalize(form, text)

    monkeypatch.setattr(unicodedata, "normalize", count)
    return lengths


MARKS = "\u0315\u0300" * 3000


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/sign-in", {"email": "olivia@harbor.example", "password": MARKS}),
        ("/sign-in", {"email": "nobody@harbor.example", "password": MARKS}),
        ("/sign-in", {"email": f"a{MARKS}@harbor.example", "password": "wrong"}),
        ("/forgot-password", {"email": f"a{MARKS}@harbor.example"}),
        ("/password-strength", {"new_password": MARKS}),
    ],
)
def test_no_long_text_of_a_stranger_is_normalized(product, owner, normalized, path, fields):
    assert product.test_client().post(path, data=fields).status_code < 500
    assert max(normalized, default=0) <= 254


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/confirm", {"confirm_password": MARKS}),
        ("/profile/password", {"password": MARKS, "new_password": MARKS}),
        ("/profile/email", {"email": f"a{MARKS}@harbor.example"}),
        ("/settings/team", {"email": f"a{MARKS}@harbor.example", "role": "owner"}),
        ("/customers/new", {"name": MARKS, "email": f"a{MARKS}@harbor.example"}),
        ("/invoices/{}/email", {"recipient": f"a{MARKS}@harbor.example", "subject": MARKS, "text": "x"}),
        ("/profile", {"name": MARKS}),
    ],
)
def test_no_long_text_of_a_person_is_normalized(product, owner, normalized, path, fields):
    invoice = builders.invoice(builders.customer(owner.company))
    owner.post(f"/invoices/{invoice.id}/finalise")
    assert owner.post(path.format(invoice.id), fields).status_code == 422
    assert max(normalized, default=0) <= 254


def test_no_long_cell_of_a_file_is_normalized(product, owner, normalized):
    head, row = "display_name,email", f"Ada,a{MARKS}@harbor.example"
    file = (BytesIO(f"{head}\n{row}\n".encode()), "customers.csv")
    answer = owner.post("/customers/import", {"file": file}, content_type="multipart/form-data")
    assert "This is not a complete e-mail address." in answer.text
    assert max(normalized, default=0) <= 254


def test_a_short_fuzz(product):
    findings = World(product, seed=7).fuzz(400, a_round=400)
    assert findings.broken == [], findings.report()
    assert len(findings.routes) > 40
    assert findings.answers[200] > 50
    assert findings.answers[422] > 0  # forms were reached
