"""The list of invoices: searched, filtered, and paged by position."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from markupsafe import Markup
from sqlalchemy import event, text

from app.extensions import db
from app.invoices.models import InvoiceStatus
from app.web import slots
from tests.invoices import builders


def numbers(response) -> list[str]:
    return re.findall(r">(INV-\d+-\d+)</a>", response.text)


def make_invoices(customer, count: int) -> list[str]:
    """So many, five a day, the numbers newest first: by day, then by id."""
    made = [
        builders.invoice(customer, issue_date=builders.ISSUED - timedelta(days=place // 5))
        for place in range(count)
    ]
    return [
        invoice.number for invoice in sorted(made, key=lambda one: (one.issue_date, one.id), reverse=True)
    ]


def test_nothing_yet(owner):
    page = owner.get("/invoices").text
    assert "No invoices yet" in page
    assert "Write your first invoice" in page


def test_a_row_says_what_matters(owner, bakery):
    builders.invoice(bakery, builders.line(price="1234.5"), status=InvoiceStatus.OVERDUE)
    page = owner.get("/invoices").text
    for words in ("INV-2026-0001", "Elm Street Bakery", "Mar 2, 2026", "Apr 1, 2026", "$1,234.50", "Overdue"):
        assert words in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=bakery", ["INV-2026-0001"]),
        ("q=LIBRARY portland", ["INV-2026-0003", "INV-2026-0002"]),
        ("q=0003", ["INV-2026-0003"]),
        ("q=inv-2026-0003", ["INV-2026-0003"]),
        ("q=inv bakery", ["INV-2026-0001"]),
        ("q=ibrar", ["INV-2026-0003", "INV-2026-0002"]),
        ("q=b", ["INV-2026-0003", "INV-2026-0002", "INV-2026-0001"]),
        ("q=zq", []),
        ("q=library 0002", ["INV-2026-0002"]),
        ("q=%", []),
        ("status=sent", ["INV-2026-0002"]),
        ("status=sent&q=bakery", []),
        ("status=nonsense", ["INV-2026-0003", "INV-2026-0002", "INV-2026-0001"]),
        ("after=nonsense", ["INV-2026-0003", "INV-2026-0002", "INV-2026-0001"]),
        ("after=99999999999", ["INV-2026-0003", "INV-2026-0002", "INV-2026-0001"]),
    ],
)
def test_search_and_filter(owner, bakery, library, query, found):
    builders.invoice(bakery)
    builders.invoice(library, status=InvoiceStatus.SENT)
    builders.invoice(library)
    assert numbers(owner.get(f"/invoices?{query}")) == found


def test_nothing_found_is_not_the_same_as_nothing_yet(owner, bakery):
    builders.invoice(bakery)
    assert "No invoice matches" in owner.get("/invoices?q=zzz").text
    assert "among overdue invoices" in owner.get("/invoices?status=overdue").text


def test_search_sees_only_the_own_company(owner, stranger, bakery):
    builders.invoice(bakery)
    assert numbers(stranger.get("/invoices?q=bakery")) == []


def test_pages_show_every_invoice_once_there_and_back(owner, bakery):
    expected = make_invoices(bakery, 60)
    there, address = [], "/invoices"
    while address:
        page = owner.get(address)
        there.append(numbers(page))
        address = _link(page, "after")
        back = _link(page, "before")
    assert [len(page) for page in there] == [25, 25, 10]
    assert [number for page in there for number in page] == expected
    assert numbers(owner.get(back)) == there[1]


def test_a_new_invoice_does_not_shift_the_next_page(owner, bakery):
    expected = make_invoices(bakery, 30)
    following = _link(owner.get("/invoices"), "after")
    builders.invoice(bakery, issue_date=builders.ISSUED + timedelta(days=1))
    assert numbers(owner.get(following)) == expected[25:]


def _link(page, argument: str) -> str | None:
    found = re.search(rf'href="(/invoices\?[^"]*{argument}=\d+[^"]*)"', page.text)
    return found and found[1].replace("&amp;", "&")


def test_htmx_gets_the_list_alone(owner, bakery):
    builders.invoice(bakery)
    part = owner.htmx("GET", "/invoices?q=bakery")
    assert part.text.lstrip().startswith('<div id="invoice-list"')
    assert "HX-Request" in part.headers["Vary"]


def test_a_row_can_be_refreshed_alone(owner, bakery):
    invoice = builders.invoice(bakery)
    row = owner.htmx("GET", f"/invoices/{invoice.id}/row").text.strip()
    assert row.startswith(f'<tr id="invoice-{invoice.id}-row">')
    assert row.endswith("</tr>")
    assert row.split() == re.search(r"<tr id=.*</tr>", owner.get("/invoices").text, re.DOTALL)[0].split()


@pytest.mark.parametrize(
    ("query", "index"), [("", "ix_invoices_list"), ("?status=overdue", "ix_invoices_status")]
)
def test_a_page_reads_an_index_in_order_and_no_more(owner, bakery, query, index):
    """The plan with 20,000 invoices: neither a sort nor a scan of the table."""
    builders.invoice(bakery)
    _multiply_invoices(20_000)
    with _page_queries() as queries:
        second_page = owner.get(_link(owner.get(f"/invoices{query}"), "after"))
    assert second_page.text.count("<tr id=") == 25
    assert len(queries) == 2
    for statement, parameters in queries:
        explained = db.session.connection().exec_driver_sql(f"EXPLAIN {statement}", parameters)
        plan = "\n".join(explained.scalars())
        assert f"using {index}" in plan
        assert "Sort" not in plan


@contextmanager
def _page_queries() -> Iterator[list[tuple[str, Any]]]:
    queries: list[tuple[str, Any]] = []

    def note(_connection, _cursor, statement, parameters, *_rest) -> None:
        if "FROM invoices" in statement and "LIMIT" in statement:
            queries.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield queries
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def _multiply_invoices(count: int) -> None:
    columns = [column.name for column in db.metadata.tables["invoices"].columns]
    special = {
        "id": "nextval('invoices_id_seq')",
        "number": "'INV-1-' || n",
        "status": "CASE WHEN n % 50 = 0 THEN 'overdue' ELSE 'paid' END",
        "issue_date": "date '2020-01-01' + n / 20",
    }
    values = ", ".join(special.get(name, name) for name in columns)
    copies = f"SELECT {values} FROM invoices, generate_series(1, {count}) n"
    db.session.execute(text(f"INSERT INTO invoices ({', '.join(columns)}) {copies}"))
    db.session.execute(text("ANALYZE invoices"))
    db.session.commit()


def test_other_rooms_add_to_the_rows_with_one_call_a_page(app, owner, bakery, monkeypatch):
    calls = []

    def actions(invoices):
        calls.append(len(invoices))
        return {invoice.id: Markup(f"<li>Action {invoice.id}</li>") for invoice in invoices}

    monkeypatch.setitem(app.extensions, "slots", defaultdict(list))
    slots.fill(app, "invoice_row_actions", actions)
    slots.fill(app, "invoice_row_badges", lambda invoices: {invoices[0].id: Markup("<b>First</b>")})
    slots.fill(app, "invoice_row_badges", lambda invoices: {invoices[0].id: Markup("<b>Second</b>")})
    slots.fill(app, "invoice_list_head", lambda: Markup("<th>Theirs</th>"))
    slots.fill(app, "invoice_list_end", lambda: Markup("<p>At the end</p>"))
    make_invoices(bakery, 3)
    page = owner.get("/invoices").text
    assert [f"<li>Action {number}</li>" in page for number in (1, 2, 3)] == [True] * 3
    assert "<b>First</b><b>Second</b>" in page
    assert "<p>At the end</p>" in page
    assert calls == [3]


@pytest.mark.parametrize("status", InvoiceStatus)
def test_each_status_can_be_listed_alone(owner, bakery, status):
    every = {one: builders.invoice(bakery, status=one).number for one in InvoiceStatus}
    assert numbers(owner.get(f"/invoices?status={status}")) == [every[status]]


def test_a_row_says_what_is_left_to_pay(owner, bakery):
    builders.invoice(bakery, status=InvoiceStatus.PARTIALLY_PAID)
    page = owner.get("/invoices").text
    assert '$50.00 <span class="invoice-of">of $100.00</span>' in page


def test_a_void_invoice_is_worth_nothing(owner, bakery):
    void, sent = (builders.invoice(bakery, status=one) for one in (InvoiceStatus.VOID, InvoiceStatus.SENT))
    page = owner.get("/invoices?sort=-balance")
    assert numbers(page) == [sent.number, void.number]
    assert page.text.count('data-amount="0.00"') == 1


def test_a_draft_is_owed_by_nobody_on_any_page(owner, bakery):
    draft, sent = (builders.invoice(bakery, status=one) for one in (InvoiceStatus.DRAFT, InvoiceStatus.SENT))
    page = owner.get("/invoices?sort=balance")
    assert numbers(page) == [draft.number, sent.number]
    assert '\N{EN DASH} <span class="invoice-of is-draft">of $100.00</span>' in page.text
    cell = '<td class="money" data-label="Balance">{}</td>'
    for address in ("/search?q=bakery", f"/customers/{bakery.id}"):
        shown = owner.get(address).text
        assert shown.count(cell.format("\N{EN DASH}")) == shown.count(cell.format("$100.00")) == 1
    assert (
        '<span class="invoice-label">Total</span> <strong>$100.00</strong>'
        in owner.get(f"/invoices/{draft.id}").text
    )


def test_owners_may_record_a_payment_from_the_list(owner, dispatcher, bakery):
    sent = builders.invoice(bakery, status=InvoiceStatus.SENT)
    paid = builders.invoice(bakery, status=InvoiceStatus.PAID)
    page = owner.get("/invoices").text
    assert f'href="/invoices/{sent.id}/payments/new"' in page
    assert f'href="/invoices/{paid.id}/payments/new"' not in page
    assert "payments/new" not in dispatcher.get("/invoices").text
