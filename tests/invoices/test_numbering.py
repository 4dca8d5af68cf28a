"""Numbers: one sequence a company and year, without repeats."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

from app.accounts.models import Company
from app.extensions import db
from app.invoices import lifecycle
from app.invoices.models import InvoiceSequence
from app.invoices.numbering import next_number, taken_numbers
from app.invoices.records import create_imported
from tests.invoices import builders

IN_2026, IN_2027 = date(2026, 3, 2), date(2027, 1, 1)


def test_each_year_counts_from_one(owner):
    assert [next_number(owner.company, day) for day in (IN_2026, IN_2026, IN_2027, IN_2026)] == [
        "INV-2026-0001",
        "INV-2026-0002",
        "INV-2027-0001",
        "INV-2026-0003",
    ]


def test_companies_count_for_themselves_with_their_own_prefix(owner, stranger):
    stranger.company.invoice_prefix = "SP"
    assert next_number(owner.company, IN_2026) == "INV-2026-0001"
    assert next_number(stranger.company, IN_2026) == "SP-2026-0001"


def test_the_ten_thousandth_number_of_a_year_has_five_digits(owner):
    db.session.add(InvoiceSequence(company_id=owner.company_id, year=2026, last=9999))
    assert next_number(owner.company, IN_2026) == "INV-2026-10000"


def test_imported_numbers_are_passed_over(owner, bakery):
    imported = [(number, builders.data(bakery)) for number in ("INV-2026-0002", "INV-2026-0003")]
    create_imported(owner.company, imported)
    assert next_number(owner.company, IN_2026) == "INV-2026-0001"
    assert next_number(owner.company, IN_2026) == "INV-2026-0004"


def test_seventy_thousand_numbers_are_asked_at_once(owner, bakery):
    """A file has up to 100,000, and PostgreSQL takes 65,535 parameters."""
    create_imported(owner.company, [("9001", builders.data(bakery))])
    assert taken_numbers(owner.company, [str(n) for n in range(70_000)]) == {"9001"}


def test_another_companys_numbers_do_not_matter(owner, stranger, bakery):
    create_imported(owner.company, [("INV-2026-0001", builders.data(bakery))])
    assert next_number(stranger.company, IN_2026) == "INV-2026-0001"


def test_voided_drafts_keep_their_numbers(owner, bakery):
    lifecycle.void(builders.invoice(bakery))
    assert next_number(owner.company, IN_2026) == "INV-2026-0002"


def test_two_at_once_never_get_the_same(app, owner):
    company_id, start = owner.company_id, Barrier(2)

    def take_numbers() -> list[str]:
        taken = []
        with app.app_context():
            start.wait(timeout=10)
            for _ in range(25):
                taken.append(next_number(db.session.get_one(Company, company_id), IN_2026))
                db.session.commit()
        return taken

    db.session.commit()
    with ThreadPoolExecutor(2) as threads:
        both = [threads.submit(take_numbers) for _ in range(2)]
        numbers = [number for one in both for number in one.result(timeout=30)]
    assert sorted(numbers) == [f"INV-2026-{place:04}" for place in range(1, 51)]
