"""Intuit counts what is read (contract section 3.1); we count the same, and read little."""

from decimal import Decimal

import pytest

from app.extensions import db
from app.invoices.payments import take_back
from app.quickbooks.account import metering
from app.quickbooks.models import RecordKind, RemoteLink
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create


@pytest.fixture
def reads(quickbooks):
    """Our count of the month, which has to be QuickBooks' own."""

    def counted() -> int:
        db.session.rollback()
        ours = sum(metering.by_reason(quickbooks.realm, metering.month()).values())
        assert ours == quickbooks.simulator.control("GET", "usage")["reads_by_realm"][quickbooks.realm]
        return ours

    return counted


def test_reads_are_counted_as_intuit_counts_them(quickbooks, owner, reads):
    builders.invoice(builders.customer(owner.company))
    before = reads()
    quickbooks.drain()
    assert reads() > before
    counted = metering.by_reason(quickbooks.realm, metering.month())
    assert counted["matching"] == 3, "QuickBooks' customers, vendors and employees, a thousand in a read"
    assert counted["look-up"] + counted["matching"] == reads() - before
    assert counted["company"] == before


def test_connecting_reads_the_company_once(quickbooks):
    calls = [call["operation"] for call in quickbooks.simulator.calls()]
    assert calls.count("companyinfo.read") == 1
    assert quickbooks.connection.facts["country"] == "US"


def test_a_read_that_fails_is_not_counted(quickbooks, owner, reads):
    before = reads()
    builders.customer(owner.company)
    quickbooks.script("fault", code="3001", times=2)
    quickbooks.drain()
    assert reads() == before


def test_who_asks_first_names_the_reason(quickbooks):
    with metering.reading_for("lost answer"), metering.reading_for("look-up"):
        metering.count("1")
    assert metering.by_reason("1", metering.month()) == {"lost answer": 1}


def test_an_edit_of_what_is_linked_reads_nothing(quickbooks, owner, reads):
    person = builders.customer(owner.company)
    quickbooks.drain()
    before = reads()
    builders.edit_customer(person, phone="(207) 555-0199")
    quickbooks.drain()
    quickbooks.in_order(person)
    assert reads() == before


def test_customers_that_quickbooks_was_seen_not_to_have_are_not_looked_up(quickbooks, owner, reads):
    create(quickbooks, "Customer", DisplayName="Person 7")
    people = [builders.customer(owner.company, f"Person {place}") for place in range(120)]
    before = reads()
    quickbooks.drain()
    quickbooks.in_order(people[0], people[7], people[-1])
    assert reads() == before + 4, "three for who has a name there, and one for the name that is there"
    later = builders.customer(owner.company, "Elm Street Library")
    before = reads()
    quickbooks.drain()
    quickbooks.in_order(later)
    assert reads() == before


def test_a_customer_that_came_there_meanwhile_is_refused_and_then_looked_up(quickbooks, owner, reads):
    builders.customer(owner.company, "Rivera HVAC")
    quickbooks.drain()
    create(quickbooks, "Customer", DisplayName="Elm Street Library")
    person = builders.customer(owner.company, "Elm Street Library")
    before = reads()
    quickbooks.drain()
    quickbooks.in_order(person)
    assert reads() == before + 1
    names = [one["DisplayName"] for one in quickbooks.books("Customer")]
    assert names.count("Elm Street Library") == 1


def test_three_hundred_numbers_are_one_read(quickbooks, owner, reads):
    person = builders.customer(owner.company, "Rivera HVAC")
    builders.invoice(person)
    quickbooks.drain()
    bills = [builders.invoice(person) for _ in range(120)]
    before = reads()
    quickbooks.drain()
    quickbooks.in_order(bills[0], bills[-1])
    assert reads() == before + 1


def test_the_operator_sees_them(quickbooks, app):
    result = app.test_cli_runner().invoke(args=["quickbooks", "reads"])
    assert "company" in result.output, result.output
    assert f"All together in {metering.month()}" in result.output


def test_the_page_shows_the_reads_of_the_month(quickbooks, owner, reads):
    page = owner.get("/settings/integrations/quickbooks").text
    assert f"<dt>Reads this month</dt><dd>{reads()}</dd>" in page


def test_what_is_open_there_is_reckoned_after_a_payment(quickbooks, bill, reads):
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    assert _open_there(quickbooks, bill) == 60
    assert "balance" not in metering.by_reason(quickbooks.realm, metering.month())
    take_back(payment)
    db.session.commit()
    quickbooks.drain()
    assert _open_there(quickbooks, bill) == quickbooks.invoice("INV-7")["Balance"] == 100


def _open_there(quickbooks, bill) -> Decimal:
    db.session.expire_all()
    link = db.session.query(RemoteLink).filter_by(kind=RecordKind.INVOICE, record_id=bill.id).one()
    return link.memory.balance
