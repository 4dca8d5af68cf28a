"""To fix, by cause: how much, what mending it releases, who can, and what is done for all of it at once."""

import re
from collections.abc import Iterable

import pytest

from app.extensions import db
from app.quickbooks.models import ConnectionState, RecordKind, SyncAttempt, SyncTask, TaskState
from app.quickbooks.orders import leaving_out
from tests.people import Actor
from tests.quickbooks import builders

PAGE = "/settings/integrations/quickbooks"


@pytest.fixture
def connection(owner: Actor):
    return builders.connected(owner.company)


def stop(connection, company, number: int, problem: str = "rule_broken", **changes) -> list[SyncTask]:
    """So many invoices of one customer who is in QuickBooks."""
    person = builders.customer(company)
    builders.put_in(builders.task_of(connection, person), TaskState.SYNCED)
    bills = [builders.invoice(person) for _ in range(number)]
    tasks = [builders.task_of(connection, bill) for bill in bills]
    return [
        builders.put_in(task, TaskState.ERROR, problem=problem, message="No.", **changes) for task in tasks
    ]


def cause(actor: Actor, problem: str) -> str:
    """The words of its box."""
    _, _, after = actor.get(PAGE).text.partition(f'id="cause-{problem}">')
    box = re.split(r'id="cause-\w+">|</main>', after)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", box).split())


def states(tasks: Iterable[SyncTask]) -> set[TaskState]:
    db.session.expire_all()
    return {task.state for task in tasks}


def test_a_cause_says_how_much_who_and_what_to_do(connection, owner: Actor):
    stop(connection, owner.company, 3, "no_income_account")
    told = cause(owner, "no_income_account")
    for words in (
        "No income account chosen",
        "3 records, $300.00",
        "Who can fix it: Owner",
        "Each of them needs an income account, and none is chosen.",
        "Fixing them releases 3 invoices, $300.00.",
        "Choose the account",
    ):
        assert words in told, told


@pytest.mark.parametrize("number", [1, 3])
def test_while_a_reconnect_is_needed_nothing_is_retried(connection, owner: Actor, number):
    """As in the list of invoices."""
    stop(connection, owner.company, number)
    retries = re.compile(r"<button[^>]*>Retry")
    assert not any("disabled" in button for button in retries.findall(owner.get(PAGE).text))
    connection.state = ConnectionState.RECONNECT_NEEDED
    db.session.commit()
    for page in (PAGE, f"{PAGE}/to-fix/rule_broken"):
        buttons = retries.findall(owner.get(page).text)
        assert buttons
        assert all("disabled" in button for button in buttons)


def test_who_cannot_open_the_page_retries(connection, owner: Actor, bookkeeper: Actor):
    stop(connection, owner.company, 3, "no_income_account")
    told = cause(bookkeeper, "no_income_account")
    assert "Retry all 3" in told
    assert "Choose the account" not in told


def test_what_only_waits_stands_under_its_cause_and_is_no_error(connection, owner: Actor):
    person = builders.customer(owner.company)
    stopped = builders.task_of(connection, person)
    builders.put_in(stopped, TaskState.ERROR, problem="name_taken_by_other", message="Taken.")
    for _ in range(2):
        bill = builders.task_of(connection, builders.invoice(person))
        builders.put_in(bill, TaskState.ERROR, problem="needed_record_failed", waits_for_id=stopped.id)
    further = SyncTask(
        connection_id=connection.id, kind=RecordKind.PAYMENT, record_id=1, waits_for_id=bill.id
    )
    further.state, further.problem = TaskState.ERROR, "needed_record_failed"
    db.session.add(further)
    db.session.commit()
    told = cause(owner, "name_taken_by_other")
    assert "3 more wait for it and follow by themselves." in told
    assert "Fixing it releases 2 invoices, $200.00." in told
    page = owner.get(PAGE).text
    assert 'id="cause-needed_record_failed"' not in page
    assert 'data-needs="1"' in page


def test_each_answers_for_itself_where_both_sides_have_to_be_seen(connection, owner: Actor):
    stop(connection, owner.company, 2, "changed_in_quickbooks")
    stop(connection, owner.company, 2, "doc_number_taken", question={"there": "Invoice 7", "ids": ["7"]})
    for problem in ("changed_in_quickbooks", "doc_number_taken"):
        assert "Retry all" not in cause(owner, problem)


def test_five_rows_first_and_the_rest_in_pages(connection, owner: Actor):
    stop(connection, owner.company, 30)
    page = owner.get(PAGE).text
    assert page.count('class="quickbooks-row"') == 5
    assert "Show the first 5" in page
    assert "All 30" in page
    first = owner.get(f"{PAGE}/to-fix/rule_broken").text
    assert first.count('class="quickbooks-row"') == 25
    following = re.search(r'href="([^"]*after=\d+)"', first)[1]
    assert owner.get(following).text.count('class="quickbooks-row"') == 5


def test_many_causes_stay_small(connection, owner: Actor):
    keys = ("rule_broken", "email_refused", "date_refused", "no_name", "number_refused")
    for key in keys:
        stop(connection, owner.company, 6, key)
    page = owner.htmx("GET", f"{PAGE}/queue").text
    assert page.count('class="quickbooks-row"') == 15
    assert [key for key in keys if f'id="cause-{key}"' in page] == list(keys)


def test_one_retry_for_all_of_a_cause(connection, owner: Actor):
    tasks = stop(connection, owner.company, 3)
    other = stop(connection, owner.company, 1, "email_refused")
    owner.post(f"{PAGE}/queue/retry-cause", {"problem": "rule_broken"})
    assert states(tasks) == {TaskState.QUEUED}
    assert states(other) == {TaskState.ERROR}


def test_a_whole_cause_is_left_out_with_its_reason(
    connection, owner: Actor, bookkeeper: Actor, stranger: Actor
):
    tasks = stop(connection, owner.company, 3)
    theirs = stop(builders.connected(stranger.company, realm="9130350000000002"), stranger.company, 1)
    address = f"{PAGE}/to-fix/rule_broken/leave-out"
    assert "Leave out all that stopped at" in bookkeeper.htmx("GET", address).text
    refused = bookkeeper.post(address, {"reason": " "})
    assert refused.status_code == 422
    assert "Write why it is left out." in refused.text
    assert bookkeeper.post(address, {"reason": "Entered by hand"}).status_code == 303
    assert states(tasks) == {TaskState.SKIPPED}
    assert states(theirs) == {TaskState.ERROR}
    page = bookkeeper.get(PAGE).text
    assert "Left out: 3 records." in page
    assert "Left out by Bea: Entered by hand" in page
    assert db.session.query(SyncAttempt).filter_by(outcome="left out").count() == 3


def test_what_needs_it_says_so(connection, owner: Actor):
    person = builders.customer(owner.company)
    stopped, bill = (builders.task_of(connection, one) for one in (person, builders.invoice(person)))
    builders.put_in(stopped, TaskState.ERROR, problem="rule_broken")
    builders.put_in(bill, TaskState.ERROR, problem="needed_record_failed", waits_for_id=stopped.id)
    owner.post(f"{PAGE}/to-fix/rule_broken/leave-out", {"reason": "No longer a customer"})
    db.session.refresh(bill)
    assert bill.problem == "needed_record_left_out"
    assert "Needs a record that was left out" in cause(owner, "needed_record_left_out")


def test_what_is_left_out_at_once_is_said(connection, owner: Actor, monkeypatch):
    stop(connection, owner.company, 3)
    address = f"{PAGE}/to-fix/rule_broken/leave-out"
    assert "at once." not in owner.htmx("GET", address).text
    monkeypatch.setattr(leaving_out, "AT_ONCE", 2)
    assert "2 of 3 are left out at once." in owner.htmx("GET", address).text
    owner.post(address, {"reason": "Entered by hand"})
    assert db.session.query(SyncTask).filter_by(state=TaskState.SKIPPED).count() == 2


def test_a_cause_that_nobody_knows(connection, owner: Actor):
    assert owner.get(f"{PAGE}/to-fix/nonsense").status_code == 404
    assert "Nothing is left of it" in owner.get(f"{PAGE}/to-fix/rule_broken").text


@pytest.mark.parametrize("who", ["dispatcher", "technician"])
def test_not_for_others(connection, who: str, request: pytest.FixtureRequest):
    actor: Actor = request.getfixturevalue(who)
    for address in (f"{PAGE}/to-fix/rule_broken", f"{PAGE}/to-fix/rule_broken/leave-out"):
        assert actor.get(address).status_code == 403


def test_a_sentence_under_a_name_does_not_repeat_it(connection, owner: Actor):
    (task,) = stop(connection, owner.company, 1)
    bill = owner.get(f"/invoices/{task.record_id}")
    number = re.search(r"INV-2026-\d+", bill.text)[0]
    builders.put_in(task, TaskState.ERROR, message=f"Invoice {number} has no name that QuickBooks accepts.")
    told = cause(owner, "rule_broken")
    assert "This invoice has no name that QuickBooks accepts." in told
    assert told.count(f"Invoice {number}") == 1


def test_a_refused_answer_comes_back_on_the_page_of_its_cause(connection, owner: Actor):
    """Also of a row that the queue does not show."""
    asked = {"problem": "name_taken_by_other", "question": {"problem": "name_taken_by_other"}}
    people = [builders.customer(owner.company) for _ in range(7)]
    for person in people:
        builders.put_in(builders.task_of(connection, person), TaskState.ERROR, message="Taken.", **asked)
    row = builders.task_of(connection, people[6])
    refused = owner.post(f"{PAGE}/queue/{row.id}/name", {"name": "N" * 101})
    assert refused.status_code == 422
    assert "QuickBooks takes names of up to 100 characters." in refused.text
    assert f'value="{"N" * 101}"' in refused.text


def test_an_answer_that_nobody_asks_for_any_more_is_refused_aloud(connection, owner: Actor):
    """Another tab has answered meanwhile."""
    row = builders.task_of(connection, builders.customer(owner.company))
    address = f"{PAGE}/queue/{row.id}/link"
    assert "This cannot be linked." in owner.post(address).text
    assert "This cannot be linked." in owner.htmx("POST", address).headers["HX-Trigger"]
