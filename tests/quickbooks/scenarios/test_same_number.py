"""QuickBooks has another invoice with our number, and a person says that both shall keep it."""

import pytest

from app.extensions import db
from app.quickbooks.models import TaskState
from tests.people import Actor
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create
from tests.quickbooks.checkpoint import built_once
from tests.quickbooks.conftest import SERVER_LIMIT

QUEUE = "/settings/integrations/quickbooks/queue"


@built_once
def person(quickbooks, owner):
    """A customer whose first invoice is in QuickBooks, with the item that the others need."""
    customer = builders.customer(owner.company, "Rivera HVAC")
    builders.invoice(customer, number="FIRST")
    quickbooks.drain()
    return customer


def numbered(quickbooks, number: str) -> list[dict]:
    return [bill for bill in quickbooks.books("Invoice") if bill["DocNumber"] == number]


def enter_by_hand(quickbooks, number: str, amount: int, **more) -> dict:
    """Somebody writes an invoice for the same customer in QuickBooks itself."""
    (made,) = numbered(quickbooks, "FIRST")
    item = made["Line"][0]["SalesItemLineDetail"]["ItemRef"]
    line = {
        "Amount": amount,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": item},
    }
    return create(
        quickbooks, "Invoice", CustomerRef=made["CustomerRef"], DocNumber=number, Line=[line], **more
    )


def row(quickbooks, record):
    db.session.expire_all()
    return builders.task_of(quickbooks.connection, record)


@pytest.fixture
def theirs(quickbooks, person) -> dict:
    return enter_by_hand(quickbooks, "N-1", 55)


@pytest.fixture
def ours(quickbooks, person, theirs, owner: Actor):
    """The row has asked, and the owner has answered; nothing is sent yet."""
    bill = builders.invoice(person, number="N-1")
    quickbooks.drain()
    assert row(quickbooks, bill).problem == "doc_number_taken"
    assert "Send anyway under the same number" in owner.get("/settings/integrations/quickbooks").text
    assert owner.post(f"{QUEUE}/{row(quickbooks, bill).id}/number").status_code == 303
    return bill


def both_are_there(quickbooks, theirs: dict, ours) -> bool:
    there = {bill["Id"]: bill["TotalAmt"] for bill in numbered(quickbooks, "N-1")}
    mine = quickbooks.remote_id(ours)
    return mine != theirs["Id"] and there == {theirs["Id"]: 55, mine: ours.total}


def test_both_keep_it(quickbooks, theirs, ours):
    quickbooks.drain()
    assert row(quickbooks, ours).state is TaskState.SYNCED
    assert both_are_there(quickbooks, theirs, ours)


def test_in_a_batch_too(quickbooks, person, theirs, ours):
    for _ in range(4):
        builders.invoice(person)
    quickbooks.drain()
    assert both_are_there(quickbooks, theirs, ours)
    assert len(quickbooks.books("Invoice")) == 7


def test_the_answer_survives_a_refusal_and_a_retry(quickbooks, theirs, ours, owner: Actor):
    quickbooks.script("fault", operation="invoice.create", code="6000", message="Rule", detail="Not today")
    quickbooks.drain()
    assert row(quickbooks, ours).problem == "rule_broken"
    owner.post(f"{QUEUE}/{row(quickbooks, ours).id}/retry")
    quickbooks.drain()
    assert both_are_there(quickbooks, theirs, ours)


def test_a_later_edit_is_not_refused_for_the_number(quickbooks, theirs, ours):
    quickbooks.drain()
    builders.edit_invoice(ours, notes="edited later")
    quickbooks.drain()
    assert row(quickbooks, ours).state is TaskState.SYNCED
    assert both_are_there(quickbooks, theirs, ours)


@pytest.mark.parametrize("effect", ["cut_after", "cut_before"])
def test_a_lost_answer_never_takes_the_other_one_for_ours(quickbooks, theirs, ours, clock, effect):
    quickbooks.script(effect, operation="invoice.create")
    quickbooks.drain()
    clock.advance(seconds=5)
    quickbooks.drain()
    clock.advance(seconds=SERVER_LIMIT)
    quickbooks.drain()
    assert row(quickbooks, ours).state is TaskState.SYNCED
    assert both_are_there(quickbooks, theirs, ours)


def test_not_even_when_the_other_one_has_our_total_by_now(quickbooks, theirs, ours, clock):
    quickbooks.script("cut_after", operation="invoice.create")
    quickbooks.drain()
    line = {key: theirs["Line"][0][key] for key in ("DetailType", "SalesItemLineDetail")}
    quickbooks.simulator.company(quickbooks.realm, warn_duplicate_numbers=False)
    quickbooks.do("invoice", theirs["Id"], "edit", Line=[line | {"Amount": 100}])
    clock.advance(seconds=5)
    quickbooks.drain()
    assert quickbooks.remote_id(ours) != theirs["Id"]
    assert len(numbered(quickbooks, "N-1")) == 2


def test_without_memory_of_request_ids_a_lost_answer_makes_no_third(quickbooks, theirs, ours, clock):
    quickbooks.simulator.settings(requestid_memory_seconds=0)
    quickbooks.script("cut_after", operation="invoice.create")
    for seconds in (0, 5, SERVER_LIMIT, SERVER_LIMIT):
        clock.advance(seconds=seconds)
        quickbooks.drain()
    assert both_are_there(quickbooks, theirs, ours)


def test_one_that_is_entered_afterwards_is_asked_about_again(quickbooks, theirs, ours, owner: Actor):
    quickbooks.simulator.company(quickbooks.realm, warn_duplicate_numbers=False)
    second = enter_by_hand(quickbooks, "N-1", 66, PrivateNote="the second")
    quickbooks.drain()
    assert row(quickbooks, ours).problem == "doc_number_taken"
    assert "$66.00" in row(quickbooks, ours).question["there"]
    owner.post(f"{QUEUE}/{row(quickbooks, ours).id}/number")
    quickbooks.drain()
    assert quickbooks.remote_id(ours) not in (theirs["Id"], second["Id"])
    assert len(numbered(quickbooks, "N-1")) == 3


def test_a_number_of_another_kind_of_document(quickbooks, person, owner: Actor):
    (made,) = numbered(quickbooks, "FIRST")
    line = {key: made["Line"][0][key] for key in ("Amount", "DetailType", "SalesItemLineDetail")}
    create(quickbooks, "CreditMemo", CustomerRef=made["CustomerRef"], DocNumber="N-2", Line=[line])
    bill = builders.invoice(person, number="N-2")
    quickbooks.drain()
    task = row(quickbooks, bill)
    assert (task.state, task.problem) == (TaskState.ERROR, "duplicate_number")
    owner.post(f"{QUEUE}/{task.id}/number")
    quickbooks.drain()
    assert row(quickbooks, bill).state is TaskState.SYNCED
    assert len(numbered(quickbooks, "N-2")) == 1


def test_a_number_that_somebody_gave_it_there_and_to_another(quickbooks, person, owner: Actor):
    """Then QuickBooks takes no change to ours, though nobody here knows that number."""
    bill = builders.invoice(person, number="N-3")
    quickbooks.drain()
    quickbooks.do("invoice", quickbooks.remote_id(bill), "edit", DocNumber="BK-1")
    quickbooks.simulator.company(quickbooks.realm, warn_duplicate_numbers=False)
    enter_by_hand(quickbooks, "BK-1", 66)
    quickbooks.simulator.company(quickbooks.realm, warn_duplicate_numbers=True)
    builders.edit_invoice(bill, notes="Leave the key at the desk.")
    for _ in range(3):
        quickbooks.drain()
        task = row(quickbooks, bill)
        if task.problem != "number_there_taken":
            owner.post(f"{QUEUE}/{task.id}/overwrite", {"seen": task.question.get("seen", "")})
    assert (task.state, task.problem) == (TaskState.ERROR, "number_there_taken")
    assert (
        "The number that Invoice N-3 has in QuickBooks stands on another document there, too" in task.message
    )
    owner.post(f"{QUEUE}/{task.id}/number")
    quickbooks.drain()
    quickbooks.in_order(bill)
    noted = [one["DocNumber"] for one in quickbooks.books("Invoice") if "Leave the key" in str(one)]
    assert noted == ["BK-1"]


def test_only_an_owner_answers_and_only_when_asked(quickbooks, person, ours, request):
    address = f"{QUEUE}/{row(quickbooks, ours).id}/number"
    for who, status in (("dispatcher", 403), ("technician", 403), ("stranger", 303), ("owner", 422)):
        assert request.getfixturevalue(who).post(address).status_code == status, who
