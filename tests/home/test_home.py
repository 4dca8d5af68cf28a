"""The start page for each role, its months, and the search over everything."""

from datetime import date
from decimal import Decimal

import pytest

from app.extensions import db
from app.home import months
from app.home.finding import amount
from app.invoices import lifecycle
from app.invoices.models import InvoiceStatus, PaymentMethod
from app.invoices.refunds import RefundData, record_refund
from tests.invoices import builders
from tests.people import Actor


@pytest.fixture
def bakery(owner: Actor):
    return builders.customer(owner.company)


def test_the_office_sees_what_is_open_and_late(owner, bakery):
    builders.invoice(bakery, status=InvoiceStatus.SENT, due_date=date(2026, 2, 1))
    builders.invoice(bakery)
    page = owner.get("/home").text
    for words in ("Open", "Overdue", "$100.00", "Draft", "The last 12 months", "Mar 2026"):
        assert words in page
    assert 'href="/invoices?view=overdue"' in page


def test_a_new_company_is_shown_the_first_steps(owner):
    page = owner.get("/home").text
    assert "Nothing is billed yet" in page
    assert "The last 12 months" not in page
    for address in ("/customers/import", "/invoices/import", "/invoices/new"):
        assert f'href="{address}"' in page


@pytest.mark.parametrize("person", ["dispatcher", "bookkeeper"])
def test_others_of_the_office_write_no_invoice(request, person, bakery):
    beginning = request.getfixturevalue(person).get("/home").text
    assert "Nothing is billed yet" in beginning
    assert "/invoices/new" not in beginning
    builders.invoice(bakery)
    page = request.getfixturevalue(person).get("/home").text
    assert "Overdue" in page
    assert "New invoice" not in page


def test_a_technician_sees_no_money(technician, bakery):
    builders.invoice(bakery, status=InvoiceStatus.SENT)
    page = technician.get("/home").text
    assert "$" not in page
    assert 'href="/customers"' in page


def test_months_hold_what_was_billed_and_received(owner, bakery, stranger):
    builders.invoice(bakery, status=InvoiceStatus.PARTIALLY_PAID)
    builders.invoice(bakery, status=InvoiceStatus.VOID)
    builders.invoice(bakery, status=InvoiceStatus.SENT, issue_date=date(2025, 4, 1))
    builders.invoice(bakery, status=InvoiceStatus.SENT, issue_date=date(2025, 3, 31))
    builders.invoice(builders.customer(stranger.company), status=InvoiceStatus.SENT)
    shown = months.last_months(owner.company, date(2026, 3, 2))
    assert [month.first_day for month in (shown[0], shown[-1])] == [date(2025, 4, 1), date(2026, 3, 1)]
    assert [month.billed for month in shown if month.billed] == [100, 100]
    assert shown[-1].received == 50
    assert {bar.height for bar in months.bars(shown)} == {160, 80}


def test_money_stays_in_its_month_when_it_is_given_back_and_voided(owner, bakery, stranger):
    paid = builders.invoice(bakery, status=InvoiceStatus.PAID)
    builders.invoice(builders.customer(stranger.company), status=InvoiceStatus.REFUNDED)
    refund = RefundData(Decimal(100), PaymentMethod.CHECK, date(2026, 3, 2), "Wrong part")
    record_refund(paid, refund).refunded_on = date(2026, 4, 5)

    def money() -> list[tuple[int, int]]:
        db.session.commit()
        shown = months.last_months(owner.company, date(2026, 4, 6))
        return [(month.received, month.given_back) for month in shown[-2:]]

    assert money() == [(100, 0), (0, 100)]
    lifecycle.void(paid)
    assert money() == [(100, 0), (0, 100)]
    paid.refunds[0].refunded_on = date(2026, 3, 2)
    db.session.commit()
    assert "$100.00 given back" in owner.get("/home").text


def test_a_company_without_invoices_has_an_empty_chart():
    assert months.bars([months.Month(date(2026, 3, 1))]) == []


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("$1,234.50", Decimal("1234.50")),
        ("1234", Decimal(1234)),
        ("12.5", None),
        ("INV-2026", None),
        ("1,23", None),
    ],
)
def test_amounts_as_people_write_them(words, number):
    assert amount(words) == number


@pytest.mark.parametrize("words", ["INV-2026-0001", "elm street", "$1,234.50", "1234.50"])
def test_search_finds_an_invoice(owner, bakery, words):
    builders.invoice(bakery, builders.line(price="1234.5"))
    builders.invoice(builders.customer(owner.company, "Other"), builders.line(price="7"))
    page = owner.get("/search", query_string={"q": words}).text
    assert "INV-2026-0001" in page
    assert "INV-2026-0002" not in page


def test_search_finds_no_balance_of_a_void_invoice(owner, bakery):
    void = builders.invoice(bakery, status=InvoiceStatus.VOID)
    builders.receive(void, void.total / 4)
    db.session.commit()
    assert void.number not in owner.get("/search?q=75").text
    assert void.number in owner.get("/search?q=100").text


def test_search_finds_customers_and_nobody_elses(owner, stranger, technician, bakery):
    builders.invoice(builders.customer(stranger.company, "Elm Street Laundry"))
    page = owner.get("/search?q=elm").text
    assert "Elm Street Bakery" in page
    assert "Laundry" not in page
    builders.invoice(bakery)
    page = technician.get("/search?q=elm").text
    assert "Elm Street Bakery" in page
    assert "INV-" not in page


def test_search_says_that_there_are_more(owner, bakery):
    for place in range(11):
        builders.customer(owner.company, f"Elm {place}")
        builders.invoice(bakery)
    page = owner.get("/search?q=elm").text
    assert page.count("The first 10 are shown.") == 2
    assert 'href="/invoices?q=elm"' in page
    assert 'href="/customers?q=elm"' in page
    by_amount = owner.get("/search?q=100.00").text
    assert "The first 10 are shown." in by_amount
    assert 'href="/invoices?q=' not in by_amount


def test_search_says_that_nothing_matches(owner):
    assert "Nothing matches “nobody”" in owner.get("/search?q=nobody").text
