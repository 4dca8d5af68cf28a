"""What a bookkeeper changed in QuickBooks is found by itself, said on the page, and settled once both agree."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from app.extensions import db, now, redis
from app.invoices import disputes, events
from app.quickbooks import orders, outbox
from app.quickbooks.account.gateway import client_for
from app.quickbooks.api.client import MOST_CHANGES, OVERLAP
from app.quickbooks.api.write import Write
from app.quickbooks.checks import daily, findings
from app.quickbooks.checks.books import whole
from app.quickbooks.kinds.records import link_of
from app.quickbooks.matching import other_names
from app.quickbooks.models import RecordKind, TaskState
from app.quickbooks.models.answers import Answer, Question
from app.quickbooks.models.differences import DELETED
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create
from tests.quickbooks.checkpoint import built_once
from tests.quickbooks.views.test_preview import address, seen


@built_once
def paid(quickbooks, bill):
    """$40.00 of INV-7, in QuickBooks, checked a day ago."""
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    return payment


@pytest.fixture
def a_day_later(quickbooks, clock, work):
    """The schedule and a real worker; what QuickBooks was asked meanwhile."""

    def check(days: float = 1.1) -> list[str]:
        clock.advance(seconds=days * 86400)
        quickbooks.simulator.control("POST", "clock", {"advance_seconds": days * 86400})
        redis().flushall()
        before = len(quickbooks.simulator.calls())
        daily.queue_checks()
        work()
        calls = [call["operation"] for call in quickbooks.simulator.calls()[before:]]
        return [call for call in calls if "token" not in call]

    return check


def of_connection(quickbooks):
    db.session.expire_all()
    return quickbooks.connection


def test_nothing_changed_costs_one_call(quickbooks, paid, a_day_later):
    a_day_later()
    assert a_day_later() == ["cdc"]
    quickbooks.in_order(paid, paid.invoice)
    assert of_connection(quickbooks).check_due_at > of_connection(quickbooks).checked_until


def test_changed_settings_are_read_anew(quickbooks, paid):
    advanced = quickbooks.simulator.control("POST", "clock", {"advance_seconds": 60})
    since = datetime.fromisoformat(advanced["now"]) + OVERLAP  # by QuickBooks' clock, which is not ours

    def are_known() -> bool:
        of_connection(quickbooks).checked_until = since
        db.session.commit()
        daily.check(quickbooks.connection.id)
        return of_connection(quickbooks).facts_read_at is not None

    assert are_known()
    quickbooks.simulator.control("POST", "clock", {"advance_seconds": 60})
    quickbooks.simulator.company(quickbooks.realm, book_close_date="2025-12-31")
    assert not are_known()


def test_not_before_its_time(quickbooks, paid, a_day_later):
    a_day_later()
    assert a_day_later(0.5) == []


def test_a_payment_voided_there_is_said_and_may_be_restored(quickbooks, paid, a_day_later, owner):
    a_day_later()
    quickbooks.do("payment", quickbooks.books("Payment")[0]["Id"], "void")
    assert a_day_later() == ["cdc"]
    task = quickbooks.row(paid)
    assert (task.state, task.problem) == (TaskState.ERROR, "payment_voided_there")
    page = owner.get("/settings/integrations/quickbooks").text
    assert "Payment of $40.00 for INV-7" in page
    assert "This payment was voided in QuickBooks, but it counts here." in page
    assert "Restore it in QuickBooks" in page
    orders.push(quickbooks.connection, RecordKind.PAYMENT, paid.id, "Olivia")
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(paid, paid.invoice)
    assert quickbooks.invoice("INV-7")["Balance"] == 60


@pytest.mark.parametrize("action", ["void", "delete"])
def test_or_it_is_left_so(quickbooks, paid, a_day_later, owner, action):
    a_day_later()
    quickbooks.do("payment", quickbooks.books("Payment")[0]["Id"], action)
    a_day_later()
    task = quickbooks.row(paid)
    assert task.state is TaskState.ERROR
    owner.post(f"/settings/integrations/quickbooks/queue/{task.id}/leave")
    quickbooks.in_order(paid)
    a_day_later()
    quickbooks.in_order(paid)


def test_another_number_is_said_until_it_is_ours_again(quickbooks, bill, a_day_later):
    a_day_later()
    remote_id = quickbooks.invoice("INV-7")["Id"]
    quickbooks.do("invoice", remote_id, "edit", DocNumber="1044")
    a_day_later()
    task = quickbooks.row(bill)
    assert (task.state, task.problem) == (TaskState.ERROR, "different_there")
    assert task.message == "Invoice INV-7 is different in QuickBooks: number INV-7 here, 1044 in QuickBooks."
    quickbooks.do("invoice", remote_id, "edit", DocNumber="INV-7")
    a_day_later()
    quickbooks.in_order(bill)


def test_what_is_no_difference_is_learned_all_the_same(quickbooks, bill, a_day_later):
    a_day_later()
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "edit", CustomerMemo={"value": "Thanks"})
    a_day_later()
    builders.edit_invoice(bill, notes="Gate code")
    before = len(quickbooks.simulator.calls())
    quickbooks.drain()
    assert [call["operation"] for call in quickbooks.simulator.calls()[before:]][-1] == "invoice.update"
    quickbooks.in_order(bill)


def test_a_second_invoice_of_our_number_is_said(quickbooks, bill, a_day_later):
    a_day_later()
    make_a_twin(quickbooks)
    a_day_later()
    assert "2 invoices in QuickBooks have this number" in quickbooks.row(bill).message


@pytest.mark.parametrize("also", [{"CustomerMemo": {"value": "Thanks"}}, {"TxnDate": "2026-03-09"}])
def test_a_second_one_is_said_until_they_are_counted_again(quickbooks, bill, a_day_later, also):
    """The next day only ours changed there: that counts nothing."""
    a_day_later()
    make_a_twin(quickbooks)
    a_day_later()
    mine = next(one["Id"] for one in quickbooks.books("Invoice") if one["DocNumber"] == "INV-7")
    quickbooks.do("invoice", mine, "edit", **also)
    a_day_later()
    assert "2 invoices in QuickBooks have this number" in quickbooks.row(bill).message
    twin = next(one["Id"] for one in quickbooks.books("Invoice") if one["DocNumber"] == "inv-7")
    quickbooks.do("invoice", twin, "delete")
    a_day_later(days=31)  # everything is read
    assert "have this number" not in quickbooks.row(bill).message


def test_a_second_payment_of_our_mark_is_said_until_they_are_counted_again(quickbooks, paid, a_day_later):
    a_day_later()
    (mine,) = quickbooks.books("Payment")
    copied = ("TotalAmt", "CustomerRef", "TxnDate", "PrivateNote")
    create(quickbooks, "Payment", **{name: mine[name] for name in copied})
    a_day_later(days=31)  # everything is read
    assert "2 in QuickBooks have our mark" in quickbooks.row(paid).message
    quickbooks.do("payment", mine["Id"], "edit", PaymentRefNum="1043")
    a_day_later()
    assert "2 in QuickBooks have our mark" in quickbooks.row(paid).message


def test_once_ours_of_the_two_is_deleted_there_are_no_two(quickbooks, owner, paid, a_day_later):
    a_day_later()
    (mine,) = quickbooks.books("Payment")
    copied = ("TotalAmt", "CustomerRef", "TxnDate", "PrivateNote")
    create(quickbooks, "Payment", **{name: mine[name] for name in copied})
    a_day_later(days=31)
    quickbooks.do("payment", mine["Id"], "delete")
    a_day_later()
    question = Question.from_json(quickbooks.row(paid).question)
    assert "eleted in QuickBooks" in question.told
    assert "have our mark" not in question.told


def test_a_number_that_is_there_twice_may_be_left_so(quickbooks, owner, bill, a_day_later, tie_out):
    a_day_later()
    make_a_twin(quickbooks)
    a_day_later()
    page = owner.get(f"/invoices/{bill.id}/quickbooks/preview").text
    assert "Both are the same" not in page
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    owner.post(f"/invoices/{bill.id}/quickbooks/left-different", {"seen": seen})
    quickbooks.in_order(bill)
    owner.get(f"/invoices/{bill.id}/quickbooks/preview")  # looking again forgets nothing
    tie_out()
    quickbooks.in_order(bill)
    twin = next(one["Id"] for one in quickbooks.books("Invoice") if one["DocNumber"] == "inv-7")
    quickbooks.do("invoice", twin, "delete")
    tie_out()
    assert "have this number" not in owner.get(f"/invoices/{bill.id}/quickbooks/preview").text


def test_two_differences_that_were_left_together_are_not_asked_about_again(quickbooks, bill, a_day_later):
    a_day_later()
    other = create(quickbooks, "Customer", DisplayName="Smith; Sons")
    changes = {"DocNumber": "1044", "CustomerRef": {"value": other["Id"]}}
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "edit", **changes)
    a_day_later()
    told = Question.from_json(quickbooks.row(bill).question).differences
    assert len(told) == 2
    orders.leave_different(quickbooks.connection, RecordKind.INVOICE, bill.id, "Olivia", told)
    db.session.commit()
    quickbooks.do("invoice", quickbooks.invoice("1044")["Id"], "edit", CustomerMemo={"value": "Thanks"})
    a_day_later()
    quickbooks.in_order(bill)


@pytest.mark.parametrize("more", [False, True])
def test_a_number_that_a_person_repeated_is_not_asked_about_again(quickbooks, bill, a_day_later, more):
    """Until a third has it."""
    a_day_later()
    make_a_twin(quickbooks)
    task = quickbooks.row(bill)
    task.answer = Answer(repeats_number=True).to_json()
    db.session.commit()
    if more:
        make_a_twin(quickbooks, "Inv-7")
    a_day_later()
    assert (quickbooks.row(bill).state is TaskState.ERROR) is more


def test_a_payment_that_lands_after_the_reading_still_counts(quickbooks, paid, clock):
    """The invoice was read with $60.00 open, and nobody took the second payment away."""
    connection = quickbooks.connection
    books = whole(connection.id, client_for(connection.id), ["Invoice"])
    clock.advance(seconds=1)
    builders.payment(paid.invoice, "60")
    quickbooks.drain()
    findings.note(connection.id, books)
    db.session.expire_all()
    link = link_of(connection.id, RecordKind.INVOICE, paid.invoice_id)
    assert link.memory.balance == 0


def test_an_edit_is_sent_when_an_older_difference_is_left(quickbooks, bill):
    """A colleague's edit waits for its next try meanwhile."""
    builders.edit_invoice(bill, notes="Gate code")
    builders.put_in(
        quickbooks.row(bill), TaskState.BACKOFF, problem="no_answer", due_at=now() + timedelta(hours=1)
    )
    told = builders.differences("the due date Apr 1, 2026 here, May 1, 2026 in QuickBooks")
    orders.leave_different(quickbooks.connection, RecordKind.INVOICE, bill.id, "Olivia", told)
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(bill)
    assert quickbooks.invoice("INV-7")["PrivateNote"] == "Gate code"


def test_who_leaves_it_takes_back_what_a_colleague_allowed(quickbooks, bill, a_day_later):
    """Overwriting waits for its next try meanwhile."""
    a_day_later()
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "edit", DocNumber="1044")
    a_day_later()
    task = quickbooks.row(bill)
    seen = Question.from_json(task.question).seen
    orders.overwrite(quickbooks.connection, RecordKind.INVOICE, bill.id, "Olivia", seen)
    db.session.commit()
    builders.put_in(
        quickbooks.row(bill), TaskState.BACKOFF, problem="no_answer", due_at=now() + timedelta(hours=1)
    )
    told = builders.differences("number INV-7 here, 1044 in QuickBooks")
    orders.leave_different(quickbooks.connection, RecordKind.INVOICE, bill.id, "Bea", told)
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(bill)
    assert [one["DocNumber"] for one in quickbooks.books("Invoice")] == ["1044"]


def make_a_twin(quickbooks, number: str = "inv-7") -> None:
    other = next(one for one in quickbooks.books("Invoice") if one["DocNumber"] == "INV-7")
    quickbooks.simulator.company(quickbooks.realm, warn_duplicate_numbers=False)
    twin = {"DocNumber": number, "CustomerRef": other["CustomerRef"], "Line": other["Line"][:1]}
    create(quickbooks, "Invoice", **twin)


def enter_vendors(quickbooks, most: int) -> None:
    client = client_for(quickbooks.connection.id)
    for start in range(0, most, 30):
        names = [f"Vendor {number}" for number in range(start, min(start + 30, most))]
        entered = [
            Write(bid=str(place), operation="create", entity="Vendor", body={"DisplayName": name})
            for place, name in enumerate(names)
        ]
        client.batch(entered, f"vendors-{start}")


def test_an_answer_that_is_full_hides_nothing(quickbooks, bill, a_day_later):
    """Whatever fills it: a change of ours may be the one that is cut off, and so may the company's settings."""
    a_day_later()
    enter_vendors(quickbooks, MOST_CHANGES)
    quickbooks.simulator.control("POST", "clock", {"advance_seconds": 60})
    quickbooks.simulator.company(quickbooks.realm, book_close_date="2025-12-31")
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "edit", DocNumber="1044")
    create(quickbooks, "Vendor", DisplayName="The last one")
    a_day_later()
    assert quickbooks.row(bill).problem == "different_there"
    assert of_connection(quickbooks).facts_read_at is None
    asked = ["Vendor 0", "Vendor 999", "The last one"]
    assert other_names.taken(quickbooks.connection.id, asked) == set(asked)


def test_after_a_month_everything_is_read(quickbooks, paid, a_day_later):
    a_day_later()
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "edit", DocNumber="1044")
    calls = a_day_later(31)
    assert "cdc" not in calls
    assert quickbooks.row(paid.invoice).problem == "different_there"


def test_a_tie_out_finds_them_too(quickbooks, paid, tie_out):
    quickbooks.do("payment", quickbooks.books("Payment")[0]["Id"], "void")
    tie_out()
    assert quickbooks.row(paid).problem == "payment_voided_there"


def test_quickbooks_away_is_tried_again(quickbooks, paid, a_day_later):
    quickbooks.script("maintenance", times=None)
    a_day_later()
    connection = of_connection(quickbooks)
    assert connection.checked_until is None
    assert connection.check_due_at - connection.connected_at < timedelta(days=1.2)
    quickbooks.in_order(paid)


@pytest.fixture
def found(quickbooks, bill, a_day_later):
    """Its number was changed in QuickBooks, and a check has said so."""
    a_day_later()
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "edit", DocNumber="1044")
    a_day_later()
    assert quickbooks.row(bill).problem == "different_there"
    return bill


def announce_it(quickbooks, bill):
    events.announce(bill.company_id, [bill])


def save_preferences(quickbooks, bill):
    quickbooks.switch_payments(on=False)


def dispute_and_settle(quickbooks, bill):
    disputes.dispute(bill, "Too dear")
    disputes.withdraw(bill)


WITHOUT_NEWS = [announce_it, save_preferences, dispute_and_settle]


@pytest.mark.parametrize("act", WITHOUT_NEWS)
def test_what_was_found_is_said_until_it_is_settled(quickbooks, found, act):
    act(quickbooks, found)
    db.session.commit()
    quickbooks.drain()
    task = quickbooks.row(found)
    assert (task.state, task.problem) == (TaskState.ERROR, "different_there")
    assert task.message == "Invoice INV-7 is different in QuickBooks: number INV-7 here, 1044 in QuickBooks."


@pytest.mark.parametrize("act", WITHOUT_NEWS)
def test_what_was_left_so_stays_left(quickbooks, found, act):
    told = builders.differences(quickbooks.row(found).message)
    orders.leave_different(quickbooks.connection, RecordKind.INVOICE, found.id, "Olivia", told)
    db.session.commit()
    act(quickbooks, found)
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(found)


@pytest.mark.parametrize("act", WITHOUT_NEWS)
def test_what_was_deleted_there_is_said_until_it_is_settled(quickbooks, bill, a_day_later, act):
    a_day_later()
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "delete")
    a_day_later()
    act(quickbooks, bill)
    db.session.commit()
    quickbooks.drain()
    task = quickbooks.row(bill)
    assert (task.state, task.problem) == (TaskState.ERROR, "remote_deleted")
    orders.leave_different(quickbooks.connection, RecordKind.INVOICE, bill.id, "Olivia", [DELETED])
    db.session.commit()
    act(quickbooks, bill)
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(bill)


def test_another_amount_of_a_payment_is_said_until_it_is_settled(quickbooks, paid, a_day_later):
    a_day_later()
    quickbooks.do("payment", quickbooks.books("Payment")[0]["Id"], "edit", TotalAmt=45)
    a_day_later()
    assert quickbooks.row(paid).problem == "different_there"
    outbox.queue(quickbooks.connection.id, RecordKind.PAYMENT, [paid.id])
    db.session.commit()
    quickbooks.drain()
    assert quickbooks.row(paid).problem == "different_there"


def test_what_has_nothing_to_say_is_not_queued_again(quickbooks, bill):
    events.announce(bill.company_id, [bill])
    db.session.commit()
    quickbooks.drain()
    quickbooks.switch_payments(on=False)
    quickbooks.in_order(bill)


def test_what_comes_to_something_left_is_said_too(quickbooks, found, a_day_later):
    told = builders.differences("number INV-7 here, 1044 in QuickBooks")
    orders.leave_different(quickbooks.connection, RecordKind.INVOICE, found.id, "Olivia", told)
    db.session.commit()
    quickbooks.do("invoice", quickbooks.books("Invoice")[0]["Id"], "edit", TxnDate="2026-03-09")
    a_day_later()
    announce_it(quickbooks, found)
    db.session.commit()
    quickbooks.drain()
    task = quickbooks.row(found)
    assert (task.state, task.problem) == (TaskState.ERROR, "different_there")
    assert "date Mar 2, 2026 here, Mar 9, 2026 in QuickBooks" in task.message


def test_what_was_left_deleted_stays_left(quickbooks, bill, a_day_later, owner):
    a_day_later()
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "delete")
    a_day_later()
    owner.post(address(bill, "/left-different"), {"seen": seen(owner.get(address(bill)).text)})
    quickbooks.in_order(bill)
    a_day_later(days=31)  # everything is read
    quickbooks.in_order(bill)
    assert quickbooks.row(bill).problem == ""


def test_what_was_left_with_more_beside_it_stays_left(quickbooks, found, a_day_later):
    """The comparison that a person sees tells more than a check does."""
    told = builders.differences("number INV-7 here, 1044 in QuickBooks", "lines")
    orders.leave_different(quickbooks.connection, RecordKind.INVOICE, found.id, "Olivia", told)
    db.session.commit()
    a_day_later(days=31)  # everything is read
    quickbooks.in_order(found)


def test_one_that_was_deleted_and_entered_again_is_not_there_twice(quickbooks, bill, a_day_later):
    a_day_later()
    there = quickbooks.invoice("INV-7")
    quickbooks.do("invoice", there["Id"], "delete")
    a_day_later()
    orders.leave_different(quickbooks.connection, RecordKind.INVOICE, bill.id, "Olivia", [DELETED])
    db.session.commit()
    line = {
        "Amount": 55,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": "1"}},
    }
    create(quickbooks, "Invoice", DocNumber="INV-7", CustomerRef=there["CustomerRef"], Line=[line])
    a_day_later()
    quickbooks.in_order(bill)


def test_leaving_it_forgets_nothing_that_was_learned_meanwhile(quickbooks, found):
    """The page had read the link before a settlement, which holds the row, wrote to it."""
    link = link_of(quickbooks.connection.id, RecordKind.INVOICE, found.id)
    assert not link.memory.paid_at
    with db.engine.begin() as settlement:
        paid = """UPDATE quickbooks_links SET snapshot = snapshot || '{"paid_at": "2026-03-02T12:00:00+00:00"}'"""
        settlement.execute(text(f"{paid} WHERE id = {link.id}"))
    told = builders.differences("number INV-7 here, 1044 in QuickBooks")
    orders.leave_different(quickbooks.connection, RecordKind.INVOICE, found.id, "Olivia", told)
    db.session.commit()
    assert link.left.text == told[0].text
    assert link.memory.paid_at
