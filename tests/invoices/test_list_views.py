"""The list's views with their counts and sums, its orders, its days and its file."""

import csv
import io
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.extensions import db
from app.invoices.models import Invoice, InvoiceStatus
from tests.invoices import builders
from tests.invoices.test_list import numbers
from tests.people import Actor

TODAY = date(2026, 3, 2)  # where Harbor Heating works
_S = InvoiceStatus


def view(page, name: str) -> str:
    """What a view's link says, in one line."""
    links = re.findall(r'<a class="list-view".*?</a>', page.text, re.DOTALL)
    texts = [" ".join(re.sub("<[^>]+>", " ", link).split()) for link in links]
    return next(text for text in texts if text.startswith(name))


@pytest.fixture
def one_of_each(bakery) -> dict[InvoiceStatus, str]:
    """$100.00 each, due long ago."""
    return {
        status: builders.invoice(bakery, status=status, due_date=TODAY - timedelta(days=12)).number
        for status in InvoiceStatus
    }


def test_views_count_and_sum_up(owner, one_of_each):
    page = owner.get("/invoices")
    assert view(page, "All") == "All 10 $450.00 open"
    assert view(page, "Draft") == "Draft 1 $100.00"
    assert view(page, "Open") == "Open 5 $450.00"
    assert view(page, "Overdue") == "Overdue 4 $350.00"


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("draft", {_S.DRAFT}),
        ("open", {_S.GENERATED, _S.SENT, _S.PARTIALLY_PAID, _S.OVERDUE, _S.DISPUTED}),
        ("overdue", {_S.GENERATED, _S.SENT, _S.PARTIALLY_PAID, _S.OVERDUE}),
        ("nonsense", set(InvoiceStatus)),
    ],
)
def test_a_view_shows_what_it_counts(owner, one_of_each, name, statuses):
    assert set(numbers(owner.get(f"/invoices?view={name}"))) == {one_of_each[one] for one in statuses}


def test_what_was_never_sent_is_late_too(owner, bakery):
    builders.invoice(bakery, status=_S.GENERATED, due_date=TODAY - timedelta(days=12))
    assert "12 days late" in owner.get("/invoices").text


@pytest.mark.parametrize("status", [_S.DRAFT, _S.VOID, _S.PAID, _S.REFUNDED, _S.DISPUTED])
def test_what_nobody_owes_is_never_late(owner, bakery, status):
    builders.invoice(bakery, status=status, due_date=TODAY - timedelta(days=12))
    assert "late" not in owner.get("/invoices").text.split("<tbody>")[1]


def test_other_companies_count_for_nothing(owner, stranger, bakery):
    builders.invoice(builders.customer(stranger.company), status=_S.SENT)
    builders.invoice(bakery, status=_S.SENT)
    assert view(owner.get("/invoices"), "Open") == "Open 1 $100.00"


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("number", "INV-2026-0001"),
        ("-number", "INV-2026-0003"),
        ("customer", "INV-2026-0002"),
        ("-customer", "INV-2026-0003"),
        ("due", "INV-2026-0003"),
        ("-balance", "INV-2026-0001"),
        ("nonsense", "INV-2026-0003"),
    ],
)
def test_heads_sort(owner, bakery, library, sort, first):
    attic, sent = builders.customer(owner.company, "Attic"), InvoiceStatus.SENT
    for who, price, due in ((bakery, "300", 5), (attic, "20", 6), (library, "100", 4)):
        builders.invoice(who, builders.line(price=price), due_date=date(2026, due, 1), status=sent)
    page = owner.get(f"/invoices?sort={sort}")
    assert numbers(page)[0] == first
    assert sort == "nonsense" or page.text.count('aria-sort="ascending"') == (not sort.startswith("-"))


def test_every_order_pages_through_all(owner, bakery, library):
    for place in range(30):
        builders.invoice(bakery if place % 2 else library, builders.line(price=str(100 + place % 3)))
    for sort in ("number", "-customer", "balance", "due"):
        first = owner.get(f"/invoices?sort={sort}")
        after = re.search(r'href="(/invoices\?[^"]*after=\d+[^"]*)"', first.text)[1].replace("&amp;", "&")
        rest = owner.get(after)
        assert len({*numbers(first), *numbers(rest)}) == 30, sort
        assert "26\u201330 of 30 invoices" in rest.text


def test_it_says_where_one_is(owner, bakery):
    for _ in range(30):
        builders.invoice(bakery, status=_S.SENT)
    assert "1\u201325 of 30 invoices, $3,000.00 open" in owner.get("/invoices").text
    assert "30 invoices, $3,000.00 open" in owner.get("/invoices?size=50").text
    assert len(numbers(owner.get("/invoices?size=10000"))) == 25


def test_days_and_customer_narrow_it(owner, bakery, library):
    builders.invoice(bakery, issue_date=date(2026, 1, 31))
    builders.invoice(bakery, issue_date=date(2026, 2, 1))
    builders.invoice(library, issue_date=date(2026, 2, 28))
    page = owner.get(f"/invoices?from=2026-02-01&to=2026-02-28&customer={bakery.id}")
    assert numbers(page) == ["INV-2026-0002"]
    assert "of <a" in page.text
    assert f'name="customer" value="{bakery.id}"' in page.text


def test_a_strangers_customer_has_no_name_here(owner, stranger, bakery):
    builders.invoice(bakery)
    theirs = builders.customer(stranger.company, "Secret Customer")
    assert "Secret" not in owner.get(f"/invoices?customer={theirs.id}").text


def rows_of(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_the_balances_of_the_file_add_up_to_what_is_open(owner, bakery):
    for status in InvoiceStatus:
        builders.invoice(bakery, status=status)
    page = owner.get("/invoices").text
    rows = rows_of(owner.get("/invoices/invoices.csv"))
    total = sum(Decimal(row["Balance"] or 0) for row in rows)
    assert f"{len(InvoiceStatus)} invoices, ${total:,} open" in page
    assert [row["Balance"] for row in rows if row["Status"] == "Draft"] == [""]


def test_the_file_holds_what_the_list_matches(owner, bakery, library):
    for _ in range(30):
        builders.invoice(bakery, status=_S.SENT, due_date=TODAY - timedelta(days=3))
    builders.invoice(library, status=_S.SENT)
    answer = owner.get("/invoices/invoices.csv?q=bakery&sort=number")
    rows = rows_of(answer)
    assert [row["Number"] for row in rows] == [f"INV-2026-{number:04}" for number in range(1, 31)]
    assert (rows[0]["Days late"], rows[0]["Balance"], rows[0]["QuickBooks"]) == ("3", "100.00", "")
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_selection_goes_into_a_file(bookkeeper: Actor, stranger, bakery):
    chosen, other = builders.invoice(bakery), builders.invoice(bakery)
    foreign = builders.invoice(builders.customer(stranger.company))
    answer = bookkeeper.post("/invoices/selected/csv", {"ids": [chosen.id, foreign.id]})
    assert [row["Number"] for row in rows_of(answer)] == [chosen.number]
    assert other.number not in answer.text


def test_a_selection_is_marked_as_sent(owner, dispatcher, bakery):
    ready = [builders.invoice(bakery, status=_S.GENERATED) for _ in range(2)]
    draft = builders.invoice(bakery)
    ids = {"ids": [one.id for one in (*ready, draft)]}
    assert dispatcher.post("/invoices/selected/sent", ids).status_code == 403
    answer = owner.post(
        "/invoices/selected/sent", ids, headers={"Referer": "http://localhost/invoices?q=bak"}
    )
    assert answer.headers["Location"] == "/invoices?q=bak"
    assert [db.session.get(Invoice, one).status for one in ids["ids"]] == [_S.SENT, _S.SENT, _S.DRAFT]
    assert "2 invoices were marked as sent. 1 could not be." in owner.get("/invoices").text


def test_a_selection_of_which_none_can_be_sent_is_no_success(owner, bakery):
    draft = builders.invoice(bakery)
    answer = owner.htmx("POST", "/invoices/selected/sent", data={"ids": [draft.id]})
    assert '"kind": "warning"' in answer.headers["HX-Trigger"]


def test_sums_are_exact(owner, bakery):
    builders.invoice(bakery, builders.line(price="999999999.99"), status=_S.SENT)
    assert "$999,999,999.99" in owner.get("/invoices").text
    assert db.session.query(Invoice).one().balance == Decimal("999999999.99")
