"""When the company cannot be served, its lane pauses: no row is blamed, nobody else waits."""

import pytest

from app.extensions import db, now
from app.quickbooks import orders
from app.quickbooks.account import gateway
from app.quickbooks.api.pace import IN_FLIGHT
from app.quickbooks.kinds.operations import Operation
from app.quickbooks.lane import choosing, packing
from app.quickbooks.lane.room import SINGLES_OUT, Room
from app.quickbooks.models import ConnectionState, SyncTask, TaskState
from app.quickbooks.outbox import invoice_counts
from app.quickbooks.pages import overview
from tests.quickbooks import builders
from tests.realms import AUTOMATED_TAX

CREATE = Operation("create", "Customer", {})


def test_a_throttle_of_a_second_takes_a_breath(quickbooks, owner):
    """No pause is said, no row is put back: the request leaves once more, under the same id.

    How long a breath is: api/test_pace.py.
    """
    people = [builders.customer(owner.company) for _ in range(3)]
    quickbooks.script("throttle", operation="batch")
    quickbooks.drain()
    assert quickbooks.connection.paused_until is None
    states = {builders.task_of(quickbooks.connection, person).state for person in people}
    assert states == {TaskState.SYNCED}
    first, second = (call for call in quickbooks.simulator.calls() if call["operation"] == "batch")
    assert (first["status"], second["status"]) == (429, 200)
    assert first["requestid"] == second["requestid"]


def test_a_throttle_that_says_how_long_is_believed(quickbooks, owner):
    builders.customer(owner.company)
    quickbooks.simulator.settings(retry_after=7)
    quickbooks.script("throttle", operation="customer.create")
    quickbooks.drain()
    assert (quickbooks.connection.paused_until - now()).total_seconds() == 7


@pytest.mark.parametrize("effect", ["throttle", "xml_fault"])
def test_a_throttle_that_stays_pauses_for_a_minute_and_counts_no_try(quickbooks, owner, clock, effect):
    person = builders.customer(owner.company)
    details = {} if effect == "throttle" else {"code": "3001", "status": 429, "message": "ThrottleExceeded"}
    quickbooks.script(effect, operation="customer.create", times=2, **details)
    quickbooks.drain()
    task = builders.task_of(quickbooks.connection, person)
    assert (task.state, task.attempts) == (TaskState.QUEUED, 0)
    assert (quickbooks.connection.paused_until - now()).total_seconds() == 60
    quickbooks.drain()
    assert quickbooks.books("Customer") == []
    clock.advance(seconds=61)
    quickbooks.drain()
    assert len(quickbooks.books("Customer")) == 1


def test_a_lapsed_subscription_stops_writing_and_says_so(quickbooks, owner, clock):
    people = [builders.customer(owner.company) for _ in range(4)]
    quickbooks.simulator.company(quickbooks.realm, suspended=True)
    quickbooks.drain()
    assert {builders.task_of(quickbooks.connection, person).state for person in people} == {TaskState.QUEUED}
    notice = overview.notice(quickbooks.connection)
    assert "subscription" in notice.sentence
    assert "Renew the subscription at Intuit" in notice.remedy
    quickbooks.simulator.company(quickbooks.realm, suspended=False)
    clock.advance(hours=2)
    quickbooks.drain()
    assert len(quickbooks.books("Customer")) == 4


def test_a_company_that_was_reset_starts_anew_when_it_is_connected_again(quickbooks, owner, clock):
    """Nothing goes by an Id that may mean something else by now, and no record is blamed."""
    person = builders.customer(owner.company, "Rivera HVAC")
    bill = builders.invoice(person, number="INV-1")
    quickbooks.drain()
    before, connected = quickbooks.remote_id(bill), quickbooks.connection.id
    quickbooks.script("fault", operation="customer.update", code="10200")
    builders.edit_customer(person, phone="(207) 555-0199")
    quickbooks.drain()
    assert (quickbooks.row(person).state, quickbooks.row(person).problem) == (TaskState.QUEUED, "")
    notice = overview.notice(quickbooks.connection)
    assert "was reset" in notice.sentence
    assert notice.remedy.startswith("Disconnect, then connect it again")
    page = owner.get("/settings/integrations/quickbooks/disconnect").text
    assert "forgets what was linked" in page
    assert 'name="forget"' in page
    owner.post("/settings/integrations/quickbooks/disconnect", {"forget": "y"})
    clock.advance(hours=2)
    connection = quickbooks.connect()
    assert connection.id != connected
    quickbooks.drain()
    quickbooks.in_order(person)
    assert quickbooks.row(bill) is None
    assert invoice_counts.counts(connection).earlier.count == 1
    owner.post("/settings/integrations/quickbooks/earlier/send", {"ids": [bill.id]})
    quickbooks.drain()
    quickbooks.in_order(bill)
    assert quickbooks.remote_id(bill) == before, "this one was there all the same, under its number"


def test_a_reset_that_is_over_forgets_nothing(quickbooks, owner, clock):
    person = builders.customer(owner.company, "Rivera HVAC")
    quickbooks.drain()
    connected = quickbooks.connection.id
    quickbooks.script("fault", operation="customer.update", code="10200")
    builders.edit_customer(person, phone="(207) 555-0199")
    quickbooks.drain()
    clock.advance(hours=2)
    quickbooks.drain()
    quickbooks.in_order(person)
    assert "forgets what was linked" not in owner.get("/settings/integrations/quickbooks/disconnect").text
    quickbooks.disconnect()
    assert quickbooks.connect().id == connected


DISCONNECT = "/settings/integrations/quickbooks/disconnect"


@pytest.fixture
def reset(quickbooks, owner):
    """Rivera HVAC, which is in QuickBooks and was changed here, just before QuickBooks said that it was reset."""
    person = builders.customer(owner.company, "Rivera HVAC")
    quickbooks.drain()
    quickbooks.script("fault", operation="customer.update", code="10200", times=None)
    builders.edit_customer(person, phone="(207) 555-0199")
    quickbooks.drain()
    return person


def test_a_reset_is_known_however_long_the_sending_is_paused(quickbooks, owner, clock, reset):
    orders.hold(quickbooks.connection, "Olga")
    db.session.commit()
    clock.advance(minutes=61)
    quickbooks.drain()
    assert "forgets what was linked" in owner.get(DISCONNECT).text


def test_a_reset_is_known_when_somebody_pressed_try_now(quickbooks, owner, reset):
    """That asks for the company's name alone, which a company that was reset has too."""
    owner.post("/settings/integrations/quickbooks/queue/try")
    assert quickbooks.connection.paused_until is None
    assert "forgets what was linked" in owner.get(DISCONNECT).text


def test_of_what_was_forgotten_nothing_is_said_to_be_there(quickbooks, owner, reset):
    bill = builders.invoice(reset, announce=False)
    builders.link(quickbooks.connection, bill)
    assert "This invoice is in QuickBooks." in owner.get(f"/invoices/{bill.id}").text
    owner.post(DISCONNECT, {"forget": "y"})
    assert "This invoice is in QuickBooks." not in owner.get(f"/invoices/{bill.id}").text
    assert "Sync queued" not in owner.get(f"/customers/{reset.id}").text
    page = owner.get("/settings/integrations/quickbooks").text
    assert "Last sync" in page
    assert "(also here)" not in page


@pytest.fixture
def reset_told_by_a_tie_out(quickbooks, owner, tie_out):
    person = builders.customer(owner.company, "Rivera HVAC")
    builders.invoice(person, number="INV-1")
    quickbooks.drain()
    quickbooks.script("fault", operation="query", code="10200")
    tie_out()
    return person


def test_a_tie_out_that_is_told_of_a_reset_says_so_everywhere(quickbooks, owner, reset_told_by_a_tie_out):
    connected = quickbooks.connection.id
    assert "it starts anew" in owner.get("/settings/integrations/quickbooks/tie-out").text
    assert overview.notice(quickbooks.connection).remedy.startswith("Disconnect, then connect it again")
    assert "forgets what was linked" in owner.get(DISCONNECT).text
    owner.post(DISCONNECT, {"forget": "y"})
    assert quickbooks.connect().id != connected


def test_what_is_new_there_proves_no_reset_wrong(quickbooks, owner, clock, reset_told_by_a_tie_out):
    clock.advance(hours=2)
    person = builders.customer(owner.company)
    quickbooks.drain()
    quickbooks.in_order(person)
    assert "forgets what was linked" in owner.get(DISCONNECT).text
    builders.edit_customer(reset_told_by_a_tie_out, phone="(207) 555-0199")
    quickbooks.drain()
    quickbooks.in_order(reset_told_by_a_tie_out)
    assert "forgets what was linked" not in owner.get(DISCONNECT).text


def test_a_form_from_before_a_reset_was_over_ends_nothing(quickbooks, owner, clock, reset):
    assert 'name="forget"' in owner.get(DISCONNECT).text
    quickbooks.simulator.control("DELETE", "scripts")
    clock.advance(hours=2)
    quickbooks.drain()
    quickbooks.in_order(reset)
    page = owner.post(DISCONNECT, {"forget": "y"}, follow_redirects=True).text
    assert "the company was not reset" in page
    assert "It goes on if you connect the same QuickBooks company again" in page
    assert quickbooks.connection.state is ConnectionState.CONNECTED


def struck(quickbooks) -> list[str]:
    """What the calls that met a script were for."""
    return [call["operation"] for call in quickbooks.simulator.calls() if call["struck"]]


@pytest.mark.parametrize(
    ("outage", "meets"),
    [
        ({"effect": "maintenance"}, "query"),
        ({"effect": "fault", "code": "130", "operation": "customer.create"}, "customer.create"),
    ],
)
def test_an_outage_burns_no_tries(quickbooks, owner, clock, outage, meets):
    """Read while it lasts: the row that went in the end has no tries behind it anyway."""
    person = builders.customer(owner.company)
    quickbooks.script(times=None, **outage)
    for round_ in range(1, 4):
        quickbooks.drain()
        task = quickbooks.row(person)
        assert (task.state, task.attempts) == (TaskState.QUEUED, 0)
        assert quickbooks.connection.paused_until > now()
        assert len(struck(quickbooks)) >= round_
        clock.advance(minutes=3)
    assert set(struck(quickbooks)) == {meets}
    quickbooks.simulator.control("DELETE", "scripts")
    quickbooks.drain()
    quickbooks.in_order(person)
    assert len(quickbooks.books("Customer")) == 1


def test_an_outage_of_reads_burns_no_tries_either(quickbooks, owner, clock):
    """A customer that somebody changed there is read before it is sent again."""
    person = builders.customer(owner.company, "Rivera HVAC")
    quickbooks.drain()
    quickbooks.do("customer", quickbooks.books("Customer")[0]["Id"], "edit", Notes="Pays late.")
    builders.edit_customer(person, phone="207-555-0199")
    quickbooks.script("fault", operation="customer.read", code="130", times=None)
    for _ in range(3):
        quickbooks.drain()
        row = quickbooks.row(person)
        assert (row.state, row.attempts) == (TaskState.QUEUED, 0)
        assert quickbooks.connection.paused_until > now()
        clock.advance(minutes=3)
    assert set(struck(quickbooks)) == {"customer.read"}


def test_one_company_in_trouble_does_not_stop_another(quickbooks, quickbooks_of, stranger, owner):
    other = quickbooks_of(stranger, AUTOMATED_TAX)
    other.connect()
    builders.customer(owner.company)
    builders.customer(stranger.company)
    quickbooks.script("throttle", operation="customer.create", times=2)
    quickbooks.drain()
    other.drain()
    assert quickbooks.books("Customer") == []
    assert len(other.books("Customer")) == 1


def failed_before(quickbooks, owner, count: int) -> list:
    """Customers that were tried before, so that each goes in a request of its own."""
    people = [builders.customer(owner.company) for _ in range(count)]
    for person in people:
        builders.put_in(quickbooks.row(person), TaskState.QUEUED, attempts=1)
    return people


def creates(quickbooks) -> int:
    return sum(call["operation"] == "customer.create" for call in quickbooks.simulator.calls())


def test_what_has_not_left_stays_while_quickbooks_takes_nothing(quickbooks, owner, clock):
    people = failed_before(quickbooks, owner, 30)
    quickbooks.simulator.settings(retry_after=40, latency_ms=500)
    quickbooks.script("throttle", operation="customer.create", times=None)
    quickbooks.drain()
    assert creates(quickbooks) <= IN_FLIGHT  # those that were on the wire already
    states = {quickbooks.row(person).state for person in people}
    assert states == {TaskState.QUEUED}
    quickbooks.simulator.control("DELETE", "scripts")
    clock.advance(seconds=41)
    quickbooks.drain()
    quickbooks.in_order(*people)
    assert len(quickbooks.books("Customer")) == 30


def test_many_that_failed_before_do_not_go_all_at_once(quickbooks, owner):
    failed_before(quickbooks, owner, SINGLES_OUT + 3)
    ready = choosing.candidates(quickbooks.connection.id, 100, None)
    assert len(ready) == SINGLES_OUT + 3
    pairs = [(db.session.get_one(SyncTask, task_id), CREATE) for task_id in ready]
    assert len(list(packing.cut(pairs, Room(batches=6, singles=0)))) == SINGLES_OUT
    quickbooks.drain()
    assert len(quickbooks.books("Customer")) == SINGLES_OUT + 3


def sizes(ready: int, space: Room) -> list[int]:
    """Of the requests that so many rows leave in."""
    return [len(chunk) for chunk in packing.cut([(SyncTask(attempts=0, fixes=0), CREATE)] * ready, space)]


@pytest.mark.parametrize(
    ("ready", "few", "requests"),
    [
        (2, 2, [1, 1]),
        (3, 2, [3]),
        (32, 2, [30, 1, 1]),
        (33, 2, [30, 3]),
        (35, 5, [30] + [1] * 5),
        (60, 5, [30, 30]),
    ],
)
def test_few_rows_take_no_batch(ready, few, requests):
    assert sizes(ready, Room(batches=6, singles=0, unbatched=few)) == requests


def test_without_a_batch_all_go_in_plain_requests():
    assert sizes(9, Room(batches=0, singles=9)) == [1] * 9


@pytest.mark.parametrize(("count", "left", "waits"), [(2, 39, 0), (3, 39, 1), (3, 20, 0), (13, 20, 1)])
def test_what_takes_a_batch_that_it_does_not_fill_waits_for_its_share(
    quickbooks, owner, monkeypatch, count, left, waits
):
    pace, waited = gateway.pace(), []
    monkeypatch.setattr(pace, "take_part", waited.append)
    monkeypatch.setattr(pace, "batches_left", lambda realm_id: left)
    people = [builders.customer(owner.company) for _ in range(count)]
    quickbooks.drain()
    quickbooks.in_order(*people)
    assert len(waited) == waits
    assert sum(call["operation"] == "batch" for call in quickbooks.simulator.calls()) == waits


def test_a_look_up_that_a_lapsed_subscription_refuses_blames_no_row(quickbooks, owner, clock):
    person = builders.customer(owner.company)
    builders.invoice(person)
    quickbooks.drain()
    bill = builders.invoice(person)
    quickbooks.script("fault", code="6190", operation="query")
    quickbooks.drain()
    assert quickbooks.row(bill).state is TaskState.QUEUED
    assert quickbooks.connection.pause_code == "subscription_lapsed"
    clock.advance(hours=1, seconds=1)
    quickbooks.drain()
    quickbooks.in_order(bill)
