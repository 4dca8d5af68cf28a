"""Too long for QuickBooks: an item's text goes whole, under a chosen item; a phone number keeps its digits."""

import io

from sqlalchemy import select

from app.extensions import db
from app.invoices.models import Invoice
from tests.quickbooks import builders

TEXT = (
    "Replaced the condensate pump and flushed the drain line of the unit in the attic; " * 40
)  # 3,280 characters
HEADER = "invoice_number,customer_number,issue_date,due_date,item,unit_price"


def test_the_text_is_the_lines_description(quickbooks, owner):
    builders.customer(owner.company, "Elm Street Bakery", number="C-1")
    file = (io.BytesIO(f"{HEADER}\n9001,C-1,2026-03-02,2026-04-01,{TEXT},149.00\n".encode()), "old.csv")
    preview = owner.post("/invoices/import", {"file": file}).location
    owner.post(preview, {"item_for_long_texts": "Repairs"})
    quickbooks.drain()
    quickbooks.in_order(db.session.scalars(select(Invoice)).one())
    line = quickbooks.invoice("9001")["Line"][0]
    assert line["Description"] == TEXT.strip()
    assert line["SalesItemLineDetail"]["ItemRef"]["name"] == "Repairs"


def test_a_long_phone_number_goes_without_its_signs(quickbooks, owner):
    """An extension that does not fit stays here, and the customer's page says so."""
    whole = builders.customer(owner.company, phone="+1 (207) 555-0134 ext. 4567")
    short = builders.customer(owner.company, phone="(207) 555-0199 ext. 4567890123")
    quickbooks.drain()
    quickbooks.in_order(whole, short)
    sent = [one["PrimaryPhone"]["FreeFormNumber"] for one in quickbooks.books("Customer")]
    assert sent == ["+12075550134x4567", "2075550199"]
    said = "QuickBooks has room for 20 characters of a phone number, so only 2075550199 goes there."
    assert said in owner.get(f"/customers/{short.id}").text
    assert "QuickBooks has room" not in owner.get(f"/customers/{whole.id}").text


def test_the_long_form_that_we_once_wrote_is_no_other_number(quickbooks, owner):
    """Not in the books, nor when another field goes there."""
    person = builders.customer(owner.company, phone="(207) 555-0134 ext. 4567")
    quickbooks.drain()
    quickbooks.simulator.company(quickbooks.realm, longest_phone=30)
    (there,) = quickbooks.books("Customer")
    quickbooks.do("customer", there["Id"], "edit", PrimaryPhone={"FreeFormNumber": person.phone})
    builders.edit_customer(person, notes="Gate code")
    quickbooks.drain()
    quickbooks.in_order(person)
    (there,) = quickbooks.books("Customer")
    assert (there["PrimaryPhone"]["FreeFormNumber"], there["Notes"]) == (person.phone, "Gate code")


def test_what_does_not_go_whole_is_told_on_its_page(quickbooks, owner):
    """A name and notes are cut, as QuickBooks would; an e-mail address never: half of one is somebody else's."""
    email = f"{'office' * 10}@{'harbor' * 9}.example"
    person = builders.customer(owner.company, "Harbor " * 20, notes="Gate code " * 250, email=email)
    bill = builders.invoice(person, number="LONG")
    plain = builders.customer(owner.company, "Rivera HVAC", notes="Gate code", email="ana@x.example")
    quickbooks.drain()
    quickbooks.in_order(person, bill, plain)
    there = next(one for one in quickbooks.books("Customer") if one["DisplayName"].startswith("Harbor"))
    assert (len(there["DisplayName"]), len(there["Notes"])) == (100, 1999)
    assert "PrimaryEmailAddr" not in there
    assert "BillEmail" not in quickbooks.invoice("LONG")
    page = owner.get(f"/customers/{person.id}").text
    for said in (
        "QuickBooks gets the first 100 characters of the name.",
        "QuickBooks gets the first 2,000 characters of the notes.",
        "QuickBooks has room for 100 characters of an e-mail address, so this one does not go there.",
    ):
        assert said in page
    told = "The e-mail address of the customer is longer than the 100 characters that QuickBooks has room for"
    assert told in owner.get(f"/invoices/{bill.id}").text
    for other in (owner.get(f"/customers/{plain.id}").text, owner.get("/customers/new").text):
        assert "QuickBooks gets the first" not in other
        assert "QuickBooks has room" not in other


def test_an_address_that_grew_too_long_leaves_none(quickbooks, owner):
    """The one that is there is no longer the customer's."""
    person = builders.customer(owner.company, email="short@x.example")
    quickbooks.drain()
    builders.edit_customer(person, email=f"{'office' * 10}@{'harbor' * 9}.example")
    quickbooks.drain()
    quickbooks.in_order(person)
    (there,) = quickbooks.books("Customer")
    assert not there.get("PrimaryEmailAddr", {}).get("Address")
