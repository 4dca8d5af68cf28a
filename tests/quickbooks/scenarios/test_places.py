"""Sales tax belongs to where the work was done: the place goes along, and QuickBooks counts the tax there."""

from dataclasses import replace
from decimal import Decimal

import pytest
from flask_migrate import downgrade, upgrade

from app.customers.models import ServiceLocation
from app.customers.records import CustomerData, LocationData, create_customer, update_customer
from app.extensions import db
from app.invoices import lifecycle
from app.invoices.events import invoices_changed
from app.invoices.models import Invoice
from app.invoices.records import InvoiceData, create_draft, update_invoice
from app.quickbooks.account import company
from app.quickbooks.mapping import jurisdictions
from app.quickbooks.models import RemoteLink, TaskState
from app.quickbooks.tie_out import tax
from app.quickbooks.tie_out.models import TieOutLine
from tests.invoices.builders import data
from tests.migrations import MIGRATIONS
from tests.quickbooks.conftest import QuickBooks
from tests.realms import AUTOMATED_TAX

PAGE = "/settings/integrations/quickbooks"
PHOENIX = LocationData("Shop", "1 Palm Street", "Phoenix", "AZ", "85001", "USA", is_primary=True)
VEGAS = LocationData("Cabin", "2 Desert Road", "Las Vegas", "NV", "89101", "USA")
NEVADA = {"Nevada", "Nevada, Clark County"}
ARIZONA = {"Arizona", "Arizona, Maricopa County", "Arizona, Phoenix"}


@pytest.fixture(params=[False, True], ids=["rates by id", "rates by name"])
def quickbooks(quickbooks_of, owner, request):
    books = quickbooks_of(owner, AUTOMATED_TAX)
    books.simulator.company(AUTOMATED_TAX, name_tax_rates=request.param)
    books.connect()
    return books


def customer(company, *locations: LocationData, name: str = "The Rivers"):
    made = create_customer(company, CustomerData(name, locations=list(locations or (PHOENIX, VEGAS))))
    db.session.commit()
    return made


def billed(of, location=None, rate: str = "8.25"):
    taxed = data(of, tax_rate=Decimal(rate), location_id=location.id if location else None)
    made = create_draft(of.company, taxed)
    lifecycle.finalise(made)
    db.session.commit()
    return made


def owed(quickbooks) -> dict[str, Decimal]:
    return {row["Jurisdiction"]: row["Tax"] for row in quickbooks.books("TaxLiability") if row["Tax"]}


def link_of(record) -> RemoteLink:
    db.session.expire_all()
    return db.session.query(RemoteLink).filter_by(kind="invoice", record_id=record.id).one()


def from_before_places(quickbooks, company):
    """An invoice that an older version sent without its place, after the migration."""
    family = create_customer(company, CustomerData("The Rivers"))
    bill_id = billed(family).id
    quickbooks.drain()
    db.session.add(ServiceLocation(customer_id=family.id, **{**vars(PHOENIX), "id": None}))
    db.session.commit()
    db.session.remove()
    downgrade(directory=MIGRATIONS, revision="0022")
    upgrade(directory=MIGRATIONS)
    return db.session.get_one(Invoice, bill_id)


def test_the_tax_is_owed_where_the_work_was_done(quickbooks, owner):
    family = customer(owner.company)
    bill = billed(family, family.locations[1])
    quickbooks.drain()
    there = quickbooks.invoice(bill.number)
    assert there["ShipAddr"]["City"] == "Las Vegas"
    assert there["TotalAmt"] == bill.total
    assert owed(quickbooks).keys() == NEVADA
    assert sum(owed(quickbooks).values()) == bill.tax_total
    names = company.rate_names(quickbooks.connection)
    assert jurisdictions.taxes(link_of(bill).memory.seen, names) == owed(quickbooks)
    assert "Nevada, Clark County" in owner.get(f"/invoices/{bill.id}").text


def test_a_customer_has_both_addresses(quickbooks, owner):
    customer(owner.company)
    quickbooks.drain()
    (there,) = [one for one in quickbooks.books("Customer") if one["DisplayName"] == "The Rivers"]
    assert (there["BillAddr"]["City"], there["ShipAddr"]["City"]) == ("Phoenix", "Phoenix")


def test_two_companies_each_work_in_a_neighbouring_state(quickbooks, simulator, owner, stranger):
    """One at home in California works in Nevada, one at home in Nevada works in Arizona."""
    founded = simulator.control("POST", "companies", {"name": "Silver Heating", "automated_tax_in": "NV"})
    theirs = QuickBooks(simulator, stranger, founded["realm"])
    theirs.connect()
    for books, place in ((quickbooks, VEGAS), (theirs, PHOENIX)):
        family = customer(books.owner.company, replace(place, is_primary=True))
        billed(family, family.locations[0])
        books.drain()
    assert owed(quickbooks).keys() == NEVADA
    assert owed(theirs).keys() == ARIZONA
    assert [sum(owed(books).values()) for books in (quickbooks, theirs)] == [Decimal("8.25")] * 2


def test_another_place_moves_the_tax_and_keeps_the_total(quickbooks, owner):
    family = customer(owner.company)
    bill = billed(family, family.locations[0])
    quickbooks.drain()
    assert owed(quickbooks).keys() == ARIZONA
    update_invoice(bill, replace(InvoiceData.of(bill), location_id=family.locations[1].id))
    db.session.commit()
    quickbooks.drain()
    assert owed(quickbooks).keys() == NEVADA
    assert sum(owed(quickbooks).values()) == bill.tax_total
    assert quickbooks.invoice(bill.number)["TotalAmt"] == bill.total


def test_the_tie_out_shows_tax_by_place(quickbooks, owner, tie_out):
    family = customer(owner.company)
    for location in (*family.locations, family.locations[1]):
        billed(family, location)
    void = billed(family, family.locations[1])
    quickbooks.drain()
    lifecycle.void(void)
    db.session.commit()
    quickbooks.drain()
    phoenix, vegas = tax.by_place(tie_out())
    assert (phoenix.name, phoenix.here, phoenix.difference) == ("Phoenix, AZ", Decimal("8.25"), 0)
    assert (vegas.name, vegas.here, vegas.difference) == ("Las Vegas, NV", Decimal("16.50"), 0)
    assert phoenix.there | vegas.there == owed(quickbooks)
    page = owner.get(f"{PAGE}/tie-out").text
    for words in ("Tax by place", "Las Vegas, NV", "Nevada, Clark County", "$16.50"):
        assert words in page


def test_tax_that_is_owed_elsewhere_shows_against_its_place(quickbooks, owner, tie_out):
    family = customer(owner.company)
    bill = billed(family, family.locations[1])
    quickbooks.drain()
    there = {"City": "Phoenix", "CountrySubDivisionCode": "AZ"}
    quickbooks.do("invoice", quickbooks.invoice(bill.number)["Id"], "edit", ShipAddr=there)
    (vegas,) = tax.by_place(tie_out())
    assert vegas.name == "Las Vegas, NV"
    assert vegas.there.keys() == ARIZONA


def counted_for(run, **taxes: str) -> list[tax.PlaceTax]:
    """As if QuickBooks had counted the tax of the run's one invoice so."""
    (line,) = db.session.query(TieOutLine).filter_by(tie_out_id=run.id)
    line.taxes_there = {name.replace("_", " "): amount for name, amount in taxes.items()}
    db.session.commit()
    return tax.by_place(run)


def test_tax_that_is_counted_for_no_jurisdiction_is_no_difference(quickbooks, owner, tie_out):
    """One invoice has a tax code of the company itself, in books with automated sales tax."""
    billed(customer(owner.company))
    quickbooks.drain()
    run = tie_out()
    (phoenix,) = counted_for(run, Arizona="5.60", Without_a_jurisdiction="2.65")
    assert phoenix.difference == 0
    assert "Without a jurisdiction" in owner.get(f"{PAGE}/tie-out").text
    assert counted_for(run, Without_a_jurisdiction="8.25") == []


def test_rates_that_cannot_be_named_are_said_to_have_no_name(quickbooks, owner, tie_out):
    quickbooks.simulator.company(AUTOMATED_TAX, name_tax_rates=False)
    quickbooks.connection.facts = {**quickbooks.connection.facts, "tax_rate_names": {}}
    db.session.commit()
    bill = billed(customer(owner.company))
    quickbooks.drain()
    run = tie_out()
    assert (tax.by_place(run), tax.untold(run)) == ([], Decimal("8.25"))
    page = owner.get(f"{PAGE}/tie-out").text
    assert "QuickBooks counted $8.25 of sales tax and does not tell whom for" in page
    assert "does not tell whom it counts its sales tax for" in owner.get(f"/invoices/{bill.id}").text


def test_without_an_invoice_there_is_no_tax_by_place(tie_out):
    assert tax.by_place(tie_out()) == []


def test_what_is_there_already_is_not_sent_again_unasked(quickbooks, owner):
    bill = from_before_places(quickbooks, owner.company)
    token = quickbooks.invoice(bill.number)["SyncToken"]
    invoices_changed.send(bill.company_id, ids=[bill.id])
    db.session.commit()
    quickbooks.drain()
    assert quickbooks.row(bill).state is TaskState.SYNCED
    assert quickbooks.invoice(bill.number)["SyncToken"] == token
    update_invoice(bill, replace(InvoiceData.of(bill), notes="Thank you"))
    db.session.commit()
    quickbooks.drain()
    assert quickbooks.invoice(bill.number)["PrivateNote"] == "Thank you"
    assert not quickbooks.invoice(bill.number).get("ShipAddr")


def test_the_page_offers_to_send_the_places(quickbooks, owner, bookkeeper):
    bill = from_before_places(quickbooks, owner.company)
    page = bookkeeper.get(PAGE).text
    assert "1 taxed invoice in QuickBooks, $108.25," in page
    assert "Send 1 again with its place" in page
    answer = bookkeeper.post(f"{PAGE}/unplaced", follow_redirects=True).text
    assert "Queued: 1 invoice with the place of work." in answer
    quickbooks.drain()
    assert quickbooks.invoice(bill.number)["ShipAddr"]["City"] == "Phoenix"
    assert owed(quickbooks).keys() == ARIZONA
    assert quickbooks.invoice(bill.number)["TotalAmt"] == bill.total
    assert "carries no place of work" not in owner.get(PAGE).text


def test_only_those_of_a_company_whose_tax_quickbooks_works_out(quickbooks_of, owner):
    quickbooks = quickbooks_of(owner)
    quickbooks.connect()
    bill = billed(customer(owner.company, LocationData("Nowhere", is_primary=True)), rate="8")
    quickbooks.drain()
    assert quickbooks.invoice(bill.number)["TxnTaxDetail"]["TotalTax"] == Decimal(8)
    assert "place of work" not in owner.get(PAGE).text


def test_before_it_is_finalised_an_invoice_says_that_it_has_no_place(quickbooks, owner):
    nowhere = create_customer(owner.company, CustomerData("Nowhere"))
    draft = create_draft(owner.company, data(nowhere))
    db.session.commit()
    words = "This invoice does not say where the work is done."
    assert words in owner.get(f"/invoices/{draft.id}").text
    update_customer(nowhere, replace(CustomerData.of(nowhere), locations=[PHOENIX]))
    update_invoice(draft, replace(InvoiceData.of(draft), location_id=nowhere.locations[0].id))
    db.session.commit()
    assert words not in owner.get(f"/invoices/{draft.id}").text
