"""Something breaks that nobody foresaw: one row or one batch stops, visibly, and the company goes on."""

from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import func, select

from app.customers.models import Customer
from app.extensions import db
from app.mail.models import Message
from app.quickbooks.account import company
from app.quickbooks.api.client import Client
from app.quickbooks.kinds import KINDS
from app.quickbooks.kinds.records import Shelf
from app.quickbooks.lane import (
    balances,
    choosing,
    lookups,
    planning,
    repairs,
    settling,
)
from app.quickbooks.lane.recovery import checking, evidence
from app.quickbooks.matching import directory
from app.quickbooks.models import PushBatch, RecordKind, SyncTask, TaskState
from app.quickbooks.notices.attention import tell_of_trouble
from app.quickbooks.outbox import outcomes
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create
from tests.quickbooks.conftest import SERVER_LIMIT

NAME = "Odd One"
CUSTOMERS = KINDS[RecordKind.CUSTOMER]


class Surprise(Exception):
    """A bug of ours of a kind that nobody lists."""


@contextmanager
def bug_in(monkeypatch, place: Any, name: str, strikes: Callable[..., bool]):
    """A function of ours raises where `strikes` says so. Counts, so that a test knows that it did."""
    hits, original = [], getattr(place, name)

    def broken(*args: Any, **options: Any) -> Any:
        if strikes(*args, **options):
            hits.append(1)
            raise Surprise(name)
        return original(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(place, name, staticmethod(broken) if isinstance(place, type) else broken)
        yield hits


def states() -> dict[str, int]:
    db.session.rollback()
    rows = db.session.execute(select(SyncTask.state, func.count()).group_by(SyncTask.state)).all()
    return {state.value: count for state, count in rows}


# A function of ours, and which of its arguments tells that it works on the odd one.
ROW_STEPS = [
    pytest.param(CUSTOMERS, "name_there", lambda record, _: record.name == NAME, id="naming it"),
    pytest.param(CUSTOMERS, "operation", lambda record, *_: record.name == NAME, id="building it"),
    pytest.param(CUSTOMERS, "claim", lambda record, *_: record.name == NAME, id="adopting it"),
    pytest.param(settling, "succeed", lambda _, task, *__: record_of(task).name == NAME, id="settling it"),
    pytest.param(outcomes, "reach", lambda task, *_, **__: record_of(task).name == NAME, id="reaching it"),
    pytest.param(directory, "names_there", lambda _, names: NAME in names, id="recalling names"),
    pytest.param(lookups, "find", lambda _, __, names: NAME in names, id="looking names up"),
    pytest.param(
        planning,
        "Dependencies",
        lambda _, records, __: NAME in {record.name for record in records.values()},
        id="gathering what they need",
    ),
    pytest.param(
        Shelf,
        "load",
        lambda _, tasks: NAME in {record_of(task).name for task in tasks},
        id="loading them",
    ),
]


def record_of(task: SyncTask) -> Customer:
    return db.session.get_one(Customer, task.record_id)


@pytest.mark.parametrize(("place", "name", "strikes"), ROW_STEPS)
def test_a_bug_about_one_record_stops_its_row_alone(quickbooks, owner, monkeypatch, place, name, strikes):
    people = [builders.customer(owner.company, title) for title in ("First", NAME, "Third", "Fourth")]
    if place is lookups:  # only a name that is there is looked up
        create(quickbooks, "Customer", DisplayName=NAME)
    with bug_in(monkeypatch, place, name, strikes) as hits:
        quickbooks.drain()
    assert hits, "the bug never struck"
    assert states() == {"synced": 3, "error": 1}
    row = quickbooks.row(people[1])
    assert row.problem == "unforeseen"
    assert "did not expect" in row.message
    assert row.attempts_made[0].outcome == "stopped"
    owner.post(f"/settings/integrations/quickbooks/queue/{row.id}/retry")
    quickbooks.drain()
    quickbooks.in_order(*people)
    assert len(quickbooks.books("Customer")) == 4


def test_people_are_told_of_a_row_that_a_bug_stopped(quickbooks, owner, monkeypatch, clock):
    builders.customer(owner.company, NAME)
    with bug_in(monkeypatch, CUSTOMERS, "operation", lambda record, *_: record.name == NAME):
        quickbooks.drain()
    clock.advance(minutes=16)
    tell_of_trouble()
    (message,) = db.session.scalars(select(Message))
    assert message.subject == "QuickBooks needs attention: 1 record stopped"


def test_a_bug_in_a_sending_thread_costs_no_other_batch(quickbooks, owner, monkeypatch, clock):
    for number in range(4):
        builders.customer(owner.company, f"Customer {number}")
    with (
        bug_in(monkeypatch, Client, "send_one", lambda *_: True),
        bug_in(monkeypatch, Client, "batch", lambda *_: True) as hits,
    ):
        quickbooks.drain()
    assert hits
    assert states() == {"checking": 4}
    clock.advance(seconds=SERVER_LIMIT)
    quickbooks.drain()
    assert states() == {"synced": 4}


@pytest.mark.parametrize(("place", "name"), [(evidence, "_look_up"), (checking, "conclude")])
def test_a_bug_in_recovery_stops_its_batch_and_says_so(quickbooks, owner, monkeypatch, clock, place, name):
    odd = builders.customer(owner.company, NAME)
    quickbooks.script("cut_before", operation="customer.create")
    quickbooks.drain()
    other = builders.customer(owner.company, "Other")
    with bug_in(monkeypatch, place, name, lambda *_, **__: True) as hits:
        quickbooks.drain()
        quickbooks.in_order(other)
        clock.advance(seconds=SERVER_LIMIT)
        quickbooks.drain()
    assert hits
    row = quickbooks.row(odd)
    assert (row.state, row.problem) == (TaskState.ERROR, "unforeseen")
    assert db.session.scalar(select(func.count()).where(PushBatch.state == "written")) == 0
    owner.post(f"/settings/integrations/quickbooks/queue/{row.id}/retry")
    quickbooks.drain()
    quickbooks.in_order(odd)
    assert len([one for one in quickbooks.books("Customer") if one["DisplayName"] == NAME]) == 1


def test_a_bug_in_a_repair_stops_that_row_alone(quickbooks, owner, monkeypatch):
    odd = builders.customer(owner.company, NAME)
    quickbooks.drain()
    (there,) = quickbooks.books("Customer")
    quickbooks.do("customer", there["Id"], "edit", Notes="Gate code 12")
    builders.edit_customer(odd, phone="207 555 0101")
    other = builders.customer(owner.company, "Other")
    with bug_in(monkeypatch, repairs, "_repair", lambda *_: True) as hits:
        quickbooks.drain()
    assert hits
    quickbooks.in_order(other)
    assert quickbooks.row(odd).problem == "unforeseen"


def test_a_bug_in_reading_balances_holds_nobody_up(quickbooks, owner, bill, monkeypatch):
    builders.payment(bill, "40.00")
    quickbooks.drain()
    with bug_in(monkeypatch, balances, "_note", lambda *_: True) as hits:
        builders.edit_invoice(bill, notes="Gate code 4711")
        other = builders.customer(owner.company, "Other")
        quickbooks.drain()
    assert hits
    quickbooks.in_order(other)


def test_facts_that_break_us_leave_the_old_ones_in_use(quickbooks, owner, monkeypatch, clock):
    clock.advance(days=8)
    other = builders.customer(owner.company, "Other")
    with bug_in(monkeypatch, company, "read", lambda *_: True) as hits:
        quickbooks.drain()
    assert hits
    quickbooks.in_order(other)


def test_a_bug_that_is_no_rows_pauses_the_lane_and_says_so(quickbooks, owner, monkeypatch, clock):
    other = builders.customer(owner.company, "Other")
    with bug_in(monkeypatch, choosing, "candidates", lambda *_: True) as hits:
        quickbooks.drain()
    assert hits
    page = owner.get("/settings/integrations/quickbooks").text
    assert "did not expect" in page
    clock.advance(minutes=6)
    quickbooks.drain()
    quickbooks.in_order(other)


def test_a_number_that_a_bookkeeper_gave_to_another_invoice_of_ours_is_asked_about(quickbooks, owner):
    customer = builders.customer(owner.company, "Rivera HVAC")
    builders.invoice(customer, number="INV-1")
    quickbooks.drain()
    quickbooks.do("invoice", quickbooks.invoice("INV-1")["Id"], "edit", DocNumber="INV-2")
    second = builders.invoice(customer, number="INV-2")
    other = builders.customer(owner.company, "Other")
    quickbooks.drain()
    quickbooks.in_order(other)
    row = quickbooks.row(second)
    assert (row.state, row.problem) == (TaskState.ERROR, "doc_number_linked")
    assert "INV-1" in row.message


def test_numbers_that_differ_only_in_case_are_two_invoices(quickbooks, owner):
    customer = builders.customer(owner.company, "Rivera HVAC")
    bills = [builders.invoice(customer, number=number) for number in ("100a", "100A")]
    other = builders.customer(owner.company, "Other")
    quickbooks.drain()
    quickbooks.in_order(other)
    (asking,) = [row for row in map(quickbooks.row, bills) if row.state is TaskState.ERROR]
    assert asking.problem == "doc_number_linked"
    owner.post(f"/settings/integrations/quickbooks/queue/{asking.id}/number")
    quickbooks.drain()
    quickbooks.in_order(*bills)
    assert len(quickbooks.books("Invoice")) == 2


@pytest.mark.parametrize(
    "fault",
    [
        {"effect": "fault", "code": "9" * 40, "message": "What is this?"},
        {"effect": "fault", "code": "2010", "message": "Nul \x00 and half a pair \ud800 of surrogates"},
        {"effect": "fault", "code": "2010", "element": "x " * 450, "detail": "y " * 450},
    ],
    ids=["a code too long", "signs PostgreSQL cannot keep", "long texts"],
)
def test_odd_text_in_a_refusal_is_kept_as_far_as_it_can_be(quickbooks, owner, fault):
    odd, other = builders.customer(owner.company, NAME), builders.customer(owner.company, "Other")
    details = {key: value for key, value in fault.items() if key != "effect"}
    quickbooks.script(fault["effect"], operation="item:customer.create", times=None, **details)
    quickbooks.script(fault["effect"], operation="customer.create", times=None, **details)
    quickbooks.drain()
    assert states() == {"error": 2}
    quickbooks.simulator.control("DELETE", "scripts")
    for row in (quickbooks.row(odd), quickbooks.row(other)):
        assert row.problem != "unforeseen", "it was understood"
        owner.post(f"/settings/integrations/quickbooks/queue/{row.id}/retry")
    quickbooks.drain()
    quickbooks.in_order(odd, other)


def test_rows_that_somebody_else_holds_cost_no_request(app, quickbooks, owner):
    """A save that takes long keeps its row locked: the lane leaves it to the nudge that follows the save."""
    builders.customer(owner.company)
    asked = len(quickbooks.simulator.calls())
    with db.engine.connect() as elsewhere:
        elsewhere.execute(select(SyncTask.id).with_for_update())
        quickbooks.drain()
        assert len(quickbooks.simulator.calls()) == asked
    quickbooks.drain()
    assert states() == {"synced": 1}
