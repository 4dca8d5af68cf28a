"""QuickBooks has customers already, some of them ours under another spelling: nobody is doubled or merged."""

import pytest

from app.extensions import db
from app.quickbooks.kinds import KINDS
from app.quickbooks.mapping.customer import customer_body
from app.quickbooks.models import RecordKind, RemoteCustomer, TaskState
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create
from tests.quickbooks.conftest import SERVER_LIMIT

PHONE = {"PrimaryPhone": {"FreeFormNumber": "(207) 555-0199"}}
PAGE = "/settings/integrations/quickbooks/matching"


@pytest.fixture
def theirs(quickbooks):
    return create(quickbooks, "Customer", DisplayName="Rivera HVAC, LLC", **PHONE)


@pytest.fixture
def rivera(theirs, owner):
    return builders.customer(owner.company, "Rivera HVAC", phone="207-555-0199", email="ana@rivera.example")


def active(quickbooks) -> list[str]:
    return sorted(one["DisplayName"] for one in quickbooks.books("Customer"))


def test_who_is_doubtful_waits_and_the_rest_goes(quickbooks, owner, rivera):
    bill = builders.invoice(rivera)
    stranger = builders.customer(owner.company, "Summit Plumbing", phone="207-555-0100")
    other_bill = builders.invoice(stranger)
    quickbooks.drain()
    assert active(quickbooks) == ["Rivera HVAC, LLC", "Summit Plumbing"]
    quickbooks.in_order(stranger, other_bill)
    row = quickbooks.row(rivera)
    assert (row.state, row.problem) == (TaskState.ERROR, "customer_doubtful")
    assert "same phone, another spelling of the name" in row.message
    assert "Matching" in row.remedy
    waiting = quickbooks.row(bill)
    assert (waiting.state, waiting.problem) == (TaskState.ERROR, "needed_customer_doubtful")
    assert "Customer Rivera HVAC" in waiting.message


def test_the_same_customer(quickbooks, owner, theirs, rivera):
    """Linked: what is empty there is filled in, what is written there stays, and its invoice goes by itself."""
    bill = builders.invoice(rivera)
    quickbooks.drain()
    owner.post(f"{PAGE}/{quickbooks.row(rivera).id}/same", {"remote_id": theirs["Id"]})
    quickbooks.drain()
    quickbooks.in_order(rivera, bill)
    (only,) = quickbooks.books("Customer")
    assert (only["Id"], only["DisplayName"]) == (theirs["Id"], "Rivera HVAC, LLC")
    assert only["PrimaryEmailAddr"]["Address"] == "ana@rivera.example"
    (there,) = quickbooks.books("Invoice")
    assert there["CustomerRef"]["value"] == theirs["Id"]


def test_the_same_though_it_was_renamed_meanwhile(quickbooks, owner, theirs, rivera):
    quickbooks.drain()
    quickbooks.do("customer", theirs["Id"], "edit", DisplayName="Rivera Heating")
    owner.post(f"{PAGE}/{quickbooks.row(rivera).id}/same", {"remote_id": theirs["Id"]})
    quickbooks.drain()
    quickbooks.in_order(rivera)
    assert active(quickbooks) == ["Rivera Heating"]


def test_another_customer(quickbooks, owner, rivera):
    quickbooks.drain()
    owner.post(f"{PAGE}/{quickbooks.row(rivera).id}/another", {"name": "Rivera HVAC"})
    quickbooks.drain()
    quickbooks.in_order(rivera)
    assert active(quickbooks) == ["Rivera HVAC", "Rivera HVAC, LLC"]
    builders.edit_customer(rivera, notes="Gate code 4711")
    quickbooks.drain()
    quickbooks.in_order(rivera)


@pytest.mark.parametrize("effect", ["cut_before", "cut_after"])
def test_another_customer_stays_another_after_a_lost_answer(quickbooks, owner, theirs, rivera, clock, effect):
    """Also with all of our e-mail, phone and address."""
    quickbooks.simulator.settings(requestid_memory_seconds=0)
    quickbooks.drain()
    ours = customer_body(rivera)
    contact = {name: ours[name] for name in KINDS[RecordKind.CUSTOMER].content if ours[name]}
    quickbooks.do("customer", theirs["Id"], "edit", **contact)
    owner.post(f"{PAGE}/{quickbooks.row(rivera).id}/another", {"name": "Rivera HVAC"})
    quickbooks.script(effect, operation="customer.create")
    for seconds in (0, 5, SERVER_LIMIT, SERVER_LIMIT):
        clock.advance(seconds=seconds)
        quickbooks.drain()
    quickbooks.in_order(rivera)
    assert quickbooks.remote_id(rivera) != theirs["Id"]
    assert active(quickbooks) == ["Rivera HVAC", "Rivera HVAC, LLC"]


def test_whoever_is_called_the_same_is_linked_at_once(quickbooks, owner, theirs):
    """And is nobody else's double: a relative with the same phone is asked about no more."""
    same = builders.customer(owner.company, "Rivera HVAC, LLC")
    relative = builders.customer(owner.company, "Ana Rivera", phone="(207) 555 0199")
    quickbooks.drain()
    quickbooks.in_order(same, relative)
    assert active(quickbooks) == ["Ana Rivera", "Rivera HVAC, LLC"]


def test_nobody_of_ours_is_anybodys_double(quickbooks, owner):
    """Two of ours with one phone are two: QuickBooks has them from here."""
    first = builders.customer(owner.company, "Rivera HVAC", phone="207-555-0199")
    quickbooks.drain()
    second = builders.customer(owner.company, "Rivera HVAC LLC", phone="207-555-0199")
    quickbooks.drain()
    quickbooks.in_order(first, second)


def test_an_inactive_one_is_passed_over(quickbooks, owner, theirs):
    quickbooks.do("customer", theirs["Id"], "deactivate")
    person = builders.customer(owner.company, "Rivera HVAC", phone="207-555-0199")
    quickbooks.drain()
    quickbooks.in_order(person)


def test_the_list_is_read_once(quickbooks, owner, rivera):
    quickbooks.drain()
    for name in ("Summit Plumbing", "Harbor Grill"):
        builders.customer(owner.company, name)
        quickbooks.drain()
    asked = [call for call in quickbooks.simulator.calls() if "FROM Customer WHERE Active" in str(call)]
    assert len(asked) <= 1


def test_who_was_entered_there_later_is_found_by_the_daily_check(quickbooks, owner, clock):
    from app.quickbooks.checks import daily

    builders.customer(owner.company, "Summit Plumbing")
    quickbooks.drain()
    create(quickbooks, "Customer", DisplayName="Rivera HVAC, LLC", **PHONE)
    daily.check(quickbooks.connection.id)
    person = builders.customer(owner.company, "Rivera HVAC", phone="207-555-0199")
    quickbooks.drain()
    assert quickbooks.row(person).problem == "customer_doubtful"
    known = db.session.query(RemoteCustomer.name).all()
    assert [name for (name,) in known] == ["Rivera HVAC, LLC"], "what we made is none of it"


def test_customers_that_only_an_invoice_needs_are_compared_too(quickbooks, owner, theirs):
    quickbooks.connection.preferences.sync_customers = False
    db.session.commit()
    person = builders.customer(owner.company, "Rivera HVAC", phone="207-555-0199")
    bill = builders.invoice(person)
    quickbooks.drain()
    assert quickbooks.row(person).problem == "customer_doubtful"
    assert quickbooks.row(bill).problem == "needed_customer_doubtful"
    assert quickbooks.books("Invoice") == []


def test_after_a_new_consent_the_list_is_read_again(quickbooks, owner):
    builders.customer(owner.company, "Summit Plumbing")
    quickbooks.drain()
    quickbooks.disconnect()
    create_later = {"DisplayName": "Rivera HVAC, LLC", **PHONE}
    quickbooks.connect()
    create(quickbooks, "Customer", **create_later)
    person = builders.customer(owner.company, "Rivera HVAC", phone="207-555-0199")
    quickbooks.drain()
    assert quickbooks.row(person).problem == "customer_doubtful"


def test_taken_apart_again(quickbooks, owner, theirs, rivera):
    """Ours is made anew; its invoice stays where it is until it is changed, and moves then."""
    bill = builders.invoice(rivera)
    quickbooks.drain()
    owner.post(f"{PAGE}/{quickbooks.row(rivera).id}/same", {"remote_id": theirs["Id"]})
    quickbooks.drain()
    page = owner.get(f"{PAGE}/links/{rivera.id}").text
    assert "1 invoice that is in QuickBooks under Rivera HVAC, LLC stays there" in page
    owner.post(f"{PAGE}/links/{rivera.id}", {"name": "Rivera HVAC"})
    quickbooks.drain()
    quickbooks.in_order(rivera, bill)
    there = {one["DisplayName"]: one for one in quickbooks.books("Customer")}
    assert there.keys() == {"Rivera HVAC", "Rivera HVAC, LLC"}
    assert quickbooks.invoice(bill.number)["CustomerRef"]["value"] == theirs["Id"]
    builders.edit_invoice(bill, notes="a late note")
    quickbooks.drain()
    quickbooks.in_order(bill)
    assert quickbooks.invoice(bill.number)["CustomerRef"]["value"] == there["Rivera HVAC"]["Id"]


def test_taken_apart_and_paid(quickbooks, owner, theirs, rivera):
    """The money belongs to the customer that has the invoice in QuickBooks, until the invoice moves."""
    bill = builders.sent_invoice(rivera)
    quickbooks.drain()
    owner.post(f"{PAGE}/{quickbooks.row(rivera).id}/same", {"remote_id": theirs["Id"]})
    quickbooks.drain()
    owner.post(f"{PAGE}/links/{rivera.id}", {"name": "Rivera HVAC"})
    quickbooks.switch_payments()
    paid = builders.payment(bill, str(bill.total))
    quickbooks.drain()
    quickbooks.in_order(rivera, bill, paid)
    assert quickbooks.invoice(bill.number)["Balance"] == 0


def test_taken_apart_under_the_name_that_is_taken(quickbooks, owner, theirs):
    """A link that came by itself, as the names are equal, can be undone too; QuickBooks takes each name once."""
    person = builders.customer(owner.company, "Rivera HVAC, LLC")
    quickbooks.drain()
    answer = owner.post(f"{PAGE}/links/{person.id}", {"name": "rivera hvac, llc"})
    assert answer.status_code == 422
    assert "Write another one" in answer.text
    assert 'value="rivera hvac, llc"' in answer.text
    owner.post(f"{PAGE}/links/{person.id}", {"name": "Rivera HVAC (Customer)"})
    quickbooks.drain()
    quickbooks.in_order(person)
    assert active(quickbooks) == ["Rivera HVAC (Customer)", "Rivera HVAC, LLC"]


def test_two_of_ours_said_to_be_one_of_theirs(quickbooks, owner, theirs, rivera):
    """The second is told which way it is: QuickBooks still has that customer."""
    twin = builders.customer(owner.company, "Rivera Heating", phone="207-555-0199")
    quickbooks.drain()
    for person in (rivera, twin):
        owner.post(f"{PAGE}/{quickbooks.row(person).id}/same", {"remote_id": theirs["Id"]})
    quickbooks.drain()
    quickbooks.in_order(rivera)
    row = quickbooks.row(twin)
    assert (row.state, row.problem) == (TaskState.ERROR, "linked_is_anothers")
    assert "is linked with another record here" in row.message
    assert active(quickbooks) == ["Rivera HVAC, LLC"]
