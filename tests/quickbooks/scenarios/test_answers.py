"""QuickBooks has the name or number already: the owner says what it is, and the row goes on."""

import pytest

from app.extensions import db
from app.invoices.lifecycle import void
from app.quickbooks.kinds.records import link_of
from app.quickbooks.lane import lookups
from app.quickbooks.models import RecordKind, SyncTask, TaskState
from app.quickbooks.outbox.policy import MAX_TRIES
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create, enter_by_hand

PAGE = "/settings/integrations/quickbooks"


def task(quickbooks, record):
    db.session.expire_all()
    return builders.task_of(quickbooks.connection, record)


def test_it_is_the_same_customer(quickbooks, owner):
    there = create(
        quickbooks, "Customer", DisplayName="Rivera HVAC", PrimaryEmailAddr={"Address": "old@example.com"}
    )
    person = builders.customer(owner.company, "Rivera HVAC", email="new@example.com")
    quickbooks.drain()
    page = owner.get(PAGE).text
    assert "Rivera HVAC, old@example.com" in page
    assert "It is the same: link them" in page
    owner.post(f"{PAGE}/queue/{task(quickbooks, person).id}/link")
    quickbooks.drain()
    (only,) = quickbooks.books("Customer")
    assert (only["Id"], only["PrimaryEmailAddr"]["Address"]) == (there["Id"], "new@example.com")
    assert task(quickbooks, person).state is TaskState.SYNCED


def test_it_is_another_customer_and_keeps_its_other_name(quickbooks, owner):
    create(quickbooks, "Vendor", DisplayName="Rivera HVAC")
    person = builders.customer(owner.company, "Rivera HVAC")
    quickbooks.drain()
    assert 'value="Rivera HVAC (Customer)"' in owner.get(PAGE).text
    owner.post(f"{PAGE}/queue/{task(quickbooks, person).id}/name", {"name": "Rivera HVAC (Customer)"})
    quickbooks.drain()
    builders.edit_customer(person, notes="edited later")
    quickbooks.drain()
    (only,) = quickbooks.books("Customer")
    assert (only["DisplayName"], only["Notes"]) == ("Rivera HVAC (Customer)", "edited later")
    assert person.name == "Rivera HVAC"


def test_two_of_one_name_here(quickbooks, owner):
    """They leave at the same time: which of the two is asked about, QuickBooks decides."""
    both = [builders.customer(owner.company, "Rivera HVAC") for _ in range(2)]
    quickbooks.drain()
    (asking,) = [row for row in (task(quickbooks, one) for one in both) if row.state is TaskState.ERROR]
    owner.post(f"{PAGE}/queue/{asking.id}/name", {"name": "Rivera HVAC Bath"})
    quickbooks.drain()
    assert {there["DisplayName"] for there in quickbooks.books("Customer")} == {
        "Rivera HVAC",
        "Rivera HVAC Bath",
    }


def test_an_empty_name_is_refused_beside_its_field(quickbooks, owner):
    create(quickbooks, "Vendor", DisplayName="Rivera HVAC")
    person = builders.customer(owner.company, "Rivera HVAC")
    quickbooks.drain()
    answer = owner.htmx("POST", f"{PAGE}/queue/{task(quickbooks, person).id}/name", data={"name": "  "})
    assert answer.status_code == 422
    assert "Write the name to use in QuickBooks." in answer.text
    assert task(quickbooks, person).state is TaskState.ERROR


def test_it_is_the_same_invoice(quickbooks, owner):
    person = builders.customer(owner.company)
    builders.invoice(person)
    quickbooks.drain()
    enter_by_hand(quickbooks, "BY-HAND-1")
    bill = builders.invoice(person, number="BY-HAND-1")
    quickbooks.drain()
    assert "BY-HAND-1, $55.00" in owner.get(PAGE).text
    owner.post(f"{PAGE}/queue/{task(quickbooks, bill).id}/link")
    quickbooks.drain()
    totals = {there["DocNumber"]: there["TotalAmt"] for there in quickbooks.books("Invoice")}
    assert totals["BY-HAND-1"] == bill.total
    assert len(totals) == 2


@pytest.fixture
def asked_invoice(quickbooks, owner):
    """BY-HAND-1 is there with another amount, so its row asks."""
    person = builders.customer(owner.company)
    builders.invoice(person, number="FIRST-1")
    quickbooks.drain()
    made = quickbooks.invoice("FIRST-1")
    line = {"Amount": 55, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {
        "ItemRef": made["Line"][0]["SalesItemLineDetail"]["ItemRef"]}}  # fmt: skip
    create(quickbooks, "Invoice", CustomerRef=made["CustomerRef"], DocNumber="BY-HAND-1", Line=[line])
    bill = builders.invoice(person, number="BY-HAND-1")
    quickbooks.drain()
    assert task(quickbooks, bill).problem == "doc_number_taken"
    return bill


def test_it_is_the_same_invoice_though_its_number_changed_there(quickbooks, owner, asked_invoice):
    there = quickbooks.invoice("BY-HAND-1")
    quickbooks.do("invoice", there["Id"], "edit", DocNumber="1044")
    owner.post(f"{PAGE}/queue/{task(quickbooks, asked_invoice).id}/link")
    quickbooks.drain()
    assert len(quickbooks.books("Invoice")) == 2
    link = link_of(quickbooks.connection.id, RecordKind.INVOICE, asked_invoice.id)
    assert link.remote_id == there["Id"]


def test_one_that_cannot_be_read_just_now_is_not_taken_for_gone(quickbooks, owner, asked_invoice, clock):
    there = quickbooks.invoice("BY-HAND-1")
    quickbooks.do("invoice", there["Id"], "edit", DocNumber="1044")
    owner.post(f"{PAGE}/queue/{task(quickbooks, asked_invoice).id}/link")
    # The look-up by number is answered; the two questions for its Id are not.
    quickbooks.script("status", status=503, operation="query", times=2, probability=0.5, seed=22)
    quickbooks.drain()
    struck = [bool(call["struck"]) for call in quickbooks.simulator.calls() if call["operation"] == "query"]
    assert struck[-3:] == [False, True, True]
    row = task(quickbooks, asked_invoice)
    assert (row.state, row.attempts) == (TaskState.BACKOFF, 1)
    clock.advance(minutes=2)
    quickbooks.drain()
    assert len(quickbooks.books("Invoice")) == 2
    link = link_of(quickbooks.connection.id, RecordKind.INVOICE, asked_invoice.id)
    assert link.remote_id == there["Id"]


def test_one_that_can_never_be_read_asks_a_person(quickbooks, owner, asked_invoice, clock, monkeypatch):
    owner.post(f"{PAGE}/queue/{task(quickbooks, asked_invoice).id}/link")
    monkeypatch.setattr(lookups.reading, "by_id", lambda *_: {})
    quickbooks.do("invoice", quickbooks.invoice("BY-HAND-1")["Id"], "edit", DocNumber="1044")
    for _ in range(MAX_TRIES):
        quickbooks.drain()
        clock.advance(hours=7)
    row = task(quickbooks, asked_invoice)
    assert (row.state, row.problem) == (TaskState.ERROR, "never_read")
    assert len(quickbooks.books("Invoice")) == 2


def test_an_answer_to_what_is_asked_no_more_is_not_taken(quickbooks, owner, asked_invoice):
    """Ours became void while the page was open, and theirs would be voided."""
    row = task(quickbooks, asked_invoice)
    page = owner.get(PAGE).text
    assert '<input type="hidden" name="asked" value="doc_number_taken">' in page
    there = quickbooks.invoice("BY-HAND-1")
    void(asked_invoice)
    db.session.commit()
    quickbooks.drain()
    assert task(quickbooks, asked_invoice).problem == "void_here_alone"
    answer = owner.post(f"{PAGE}/queue/{row.id}/link", {"asked": "doc_number_taken"})
    assert answer.status_code == 422
    assert "It asks something else by now." in answer.text
    quickbooks.drain()
    assert quickbooks.invoice("BY-HAND-1") == there


def test_one_that_is_gone_is_not_made_without_asking(quickbooks, owner, asked_invoice):
    quickbooks.do("invoice", quickbooks.invoice("BY-HAND-1")["Id"], "delete")
    row = task(quickbooks, asked_invoice)
    owner.post(f"{PAGE}/queue/{row.id}/link")
    quickbooks.drain()
    row = task(quickbooks, asked_invoice)
    assert (row.state, row.problem) == (TaskState.ERROR, "linked_is_gone")
    owner.post(f"{PAGE}/queue/{row.id}/retry")
    quickbooks.drain()
    assert task(quickbooks, asked_invoice).state is TaskState.SYNCED
    assert quickbooks.invoice("BY-HAND-1")["TotalAmt"] == 100


def test_what_was_not_asked_cannot_be_answered(quickbooks, owner, stranger, dispatcher):
    person = builders.customer(owner.company)
    quickbooks.drain()
    address = f"{PAGE}/queue/{task(quickbooks, person).id}"
    assert owner.post(f"{address}/link").status_code == 422
    assert owner.post(f"{address}/name", {"name": "Other"}).status_code == 422
    assert stranger.post(f"{address}/link").headers["Location"] == PAGE  # it has no connection
    assert dispatcher.post(f"{address}/name", {"name": "Other"}).status_code == 403


def test_one_that_is_linked_no_more_has_nothing_to_leave(quickbooks, owner):
    """Its page was open, and the link went meanwhile: in a restore, say."""
    person = builders.customer(owner.company, "Rivera HVAC")
    row = builders.put_in(task(quickbooks, person), TaskState.ERROR, problem="remote_deleted")
    answer = owner.post(f"{PAGE}/queue/{row.id}/leave")
    assert answer.status_code == 422
    assert "is linked with another record in QuickBooks by now, or with none" in answer.text
    assert task(quickbooks, person).problem == "remote_deleted"


def test_an_item_gets_no_other_name(quickbooks, owner):
    """Only customers have one; the form of another page must not reach somebody's customer of the same id."""
    builders.invoice(builders.customer(owner.company), lines=(("Air filter", "1", "30.00"),))
    quickbooks.script(
        "fault", operation="item.create", code="6240", message="Duplicate Name Exists Error", times=None
    )
    quickbooks.drain()
    row = db.session.query(SyncTask).filter_by(kind="item").one()
    assert row.state is TaskState.ERROR
    before = row.answer
    answer = owner.htmx("POST", f"{PAGE}/queue/{row.id}/name", data={"name": "Filter"})
    assert answer.status_code == 422
    db.session.refresh(row)
    assert row.answer == before
