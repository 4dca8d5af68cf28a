"""Where the work is done: chosen on the form, printed, and kept as it was when the invoice was sent."""

from dataclasses import replace

import pytest

from app.customers.models import Customer
from app.customers.place import Place
from app.customers.records import CustomerData, LocationData, update_customer
from app.extensions import db
from app.invoices import disputes, lifecycle, pdf
from app.invoices.disputes import MoneyReceived
from app.invoices.lifecycle import NotAllowed
from app.invoices.models import Invoice, InvoiceStatus
from app.invoices.records import InvoiceData, create_draft, update_invoice
from tests.invoices import builders
from tests.invoices.csv_import.test_importer import HEADER, problems, upload
from tests.invoices.forms.test_invoice import only_invoice, typed
from tests.invoices.pdf.test_document import pages

S = InvoiceStatus
OFFICE = LocationData("Office", "12 Elm Street", "Portland", "ME", "04101", "USA", is_primary=True)
CABIN = LocationData("Cabin", "3 Lake Road", "Conway", "NH", "03818", "USA")
CABIN_PLACE = Place("Cabin", "3 Lake Road", "Conway", "NH", "03818", "USA")


@pytest.fixture
def family(owner) -> Customer:
    return builders.customer(owner.company, "The Rivers", number="C-009", locations=[OFFICE, CABIN])


def move(customer: Customer, **changes: str) -> None:
    """The customer's cabin gets another address."""
    data = CustomerData.of(customer)
    data.locations[1] = replace(data.locations[1], **changes)
    update_customer(customer, data)
    db.session.commit()


def remove_cabin(customer: Customer) -> None:
    data = CustomerData.of(customer)
    update_customer(customer, replace(data, locations=data.locations[:1]))
    db.session.commit()


def worked_at_cabin(family: Customer, status: InvoiceStatus = S.GENERATED) -> Invoice:
    return builders.invoice(family, status=status, location_id=family.locations[1].id)


def test_the_form_proposes_the_primary_location_of_the_chosen_customer(owner, family, bakery):
    office, cabin = family.locations
    form = typed(bakery) | {"choose_customer": str(family.id)}
    answer = owner.post("/invoices/new", form, headers={"HX-Request": "true"}).text
    assert (
        f'<option selected value="{office.id}">Office: 12 Elm Street, Portland, ME 04101, USA</option>'
        in answer
    )
    assert f'<option value="{cabin.id}">Cabin: 3 Lake Road' in answer
    assert f'<option selected value="{office.id}">' in owner.get(f"/invoices/new?customer={family.id}").text


def test_the_chosen_location_is_saved_and_shown(owner, family):
    cabin = family.locations[1]
    shown = owner.post("/invoices/new", typed(family, location_id=str(cabin.id)), follow_redirects=True).text
    invoice = only_invoice()
    assert (invoice.location_id, invoice.place) == (cabin.id, CABIN_PLACE)
    for words in ("Service location", "Cabin", "3 Lake Road", "Conway, NH 03818"):
        assert words in shown
    assert f'<option selected value="{cabin.id}">' in owner.get(f"/invoices/{invoice.id}/edit").text


def test_another_customers_location_is_refused_and_what_was_typed_stays(owner, family, bakery):
    form = typed(bakery, location_id=str(family.locations[0].id), notes="Keep me")
    answer = owner.post("/invoices/new", form)
    assert answer.status_code == 422
    assert "Choose one of this customer&#39;s service locations." in answer.text
    assert "Keep me" in answer.text
    assert not db.session.query(Invoice).count()


def test_a_location_of_another_company_is_refused(owner, stranger, family):
    theirs = builders.customer(stranger.company, "Others", locations=[CABIN])
    location = theirs.locations[0].id
    assert owner.post("/invoices/new", typed(family, location_id=str(location))).status_code == 422
    with pytest.raises(NotAllowed, match="not one of the customer's"):
        create_draft(owner.company, builders.data(family, location_id=location))


def test_a_customer_without_locations_can_be_billed(owner, bakery):
    assert "has none yet" in owner.get(f"/invoices/new?customer={bakery.id}").text
    owner.post("/invoices/new", typed(bakery))
    assert (only_invoice().location_id, only_invoice().place) == (None, Place())


def test_an_unsent_invoice_follows_its_location_and_a_sent_one_does_not(family):
    draft, finalised, sent = (worked_at_cabin(family, status) for status in (S.DRAFT, S.GENERATED, S.SENT))
    with builders.announcements() as heard:
        move(family, street="4 Lake Road")
    assert [invoice.place.street for invoice in (draft, finalised)] == ["4 Lake Road"] * 2
    assert sent.place == CABIN_PLACE
    assert heard == [(family.company_id, [finalised.id])]  # QuickBooks hears of it; nobody has seen the draft


def test_saving_a_customer_without_a_move_announces_no_invoice(family):
    worked_at_cabin(family)
    with builders.announcements() as heard:
        update_customer(family, replace(CustomerData.of(family), phone="207 555 0100"))
    assert heard == []


def test_an_invoice_keeps_the_address_of_a_location_that_is_gone(owner, family):
    invoice = worked_at_cabin(family)
    remove_cabin(family)
    db.session.refresh(invoice)
    assert (invoice.location_id, invoice.place) == (None, CABIN_PLACE)
    update_invoice(invoice, replace(InvoiceData.of(invoice), notes="Still there"))
    assert invoice.place == CABIN_PLACE
    assert '<option selected value="">Cabin: 3 Lake Road' in owner.get(f"/invoices/{invoice.id}/edit").text


def test_where_a_sent_invoice_was_worked_cannot_be_changed(family):
    sent = worked_at_cabin(family, S.SENT)
    with pytest.raises(NotAllowed, match="Only the due date and the notes"):
        update_invoice(sent, replace(InvoiceData.of(sent), location_id=family.locations[0].id))


@pytest.mark.parametrize("happened", [lambda customer: move(customer, city="Berlin"), remove_cabin])
def test_a_reissued_copy_keeps_the_place_that_was_sent(family, happened):
    sent = worked_at_cabin(family, S.SENT)
    disputes.dispute(sent, "Too much")
    happened(family)
    db.session.refresh(sent)
    copy = disputes.reissue(sent, InvoiceData.of(sent), MoneyReceived.MOVE)
    db.session.commit()
    assert copy.place == CABIN_PLACE
    update_customer(family, replace(CustomerData.of(family), phone="207 555 0100"))
    assert (copy.status, copy.place) == (S.GENERATED, CABIN_PLACE)


def test_the_paper_names_the_place(family):
    (page,) = pages(pdf.render(worked_at_cabin(family, S.SENT)))
    assert "Service location\nCabin\n3 Lake Road\nConway, NH 03818\nUSA" in page


def test_marking_it_as_sent_keeps_the_place(family):
    invoice = worked_at_cabin(family)
    lifecycle.mark_sent(invoice)
    move(family, city="Berlin")
    assert invoice.place == CABIN_PLACE


WITH_LOCATION = f"{HEADER},location"


def row(line: str, location: str) -> str:
    return f"{line},C-009,2026-03-02,2026-04-01,Labor,1,100,0,{location}"


def test_a_file_names_locations_by_their_labels(owner, family):
    rows = (row("1", "cabin"), row("2", ""), row("3", ""), row("3", "Cabin"))
    preview = owner.get(upload(owner, *rows, header=WITH_LOCATION).location)
    assert "Cabin: 3 Lake Road" in preview.text
    owner.post(preview.request.path)
    places = dict(db.session.execute(db.select(Invoice.number, Invoice.place)).tuples().all())
    assert {number: place.label for number, place in places.items()} == {
        "1": "Cabin",
        "2": "Office",
        "3": "Cabin",
    }


def test_a_file_without_the_column_means_the_primary_location(owner, family):
    owner.post(upload(owner, row("1", "").removesuffix(",")).location)
    assert only_invoice().place.label == "Office"


def test_bad_locations_are_refused_row_by_row(owner, family):
    data = CustomerData.of(family)
    update_customer(family, replace(data, locations=[*data.locations, LocationData("CABIN", "9 Hill Road")]))
    db.session.commit()
    rows = (
        row("1", "Office"),
        row("2", "Boathouse"),
        row("3", "Cabin"),
        row("4", "Office"),
        row("4", "Boat"),
    )
    assert problems(upload(owner, *rows, header=WITH_LOCATION)) == [
        ("3", "The Rivers has no service location with the label Boathouse."),
        ("4", "The Rivers has 2 service locations labelled Cabin."),
        ("6", "The Rivers has no service location with the label Boat."),
        ("6", "Invoice 4 has Office on line 5, and Boat here."),
    ]
