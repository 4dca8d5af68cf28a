"""Who is told that QuickBooks needs attention, when, and what of."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.extensions import db, now, redis
from app.mail.models import Message
from app.mail.sweep import sweep
from app.quickbooks import orders
from app.quickbooks.account.standstill import ask_to_reconnect, pause
from app.quickbooks.models import TaskState
from app.quickbooks.notices.attention import tell_of_trouble
from tests.mail.builders import work
from tests.quickbooks import builders


@pytest.fixture
def connection(owner):
    return builders.connected(owner.company)


@pytest.fixture
def told(app, mailbox, clock):
    """Let time pass, look around as the schedule does, and deliver: the letters that this brought."""

    def look(**later: float) -> list:
        before = len(mailbox.letters)
        clock.advance(**later)
        redis().flushall()  # the lane is not what is tested here
        tell_of_trouble()
        sweep()
        work(app)
        return list(mailbox.letters)[before:]

    return look


def fail(connection, record, message: str = "Invoice 1 is wrong.", problem: str = "unknown_refusal"):
    task = builders.task_of(connection, record)
    return builders.put_in(task, TaskState.ERROR, failed_at=now(), message=message, problem=problem)


def failing_invoice(connection, **options):
    return fail(connection, builders.invoice(builders.customer(connection.company)), **options)


def test_nothing_wrong_is_told_to_nobody(connection, told):
    builders.customer(connection.company)
    assert told(minutes=30) == []


def test_it_says_what_how_many_how_much_and_where(connection, told):
    buyer = builders.customer(connection.company)
    for _ in range(2):
        fail(connection, builders.invoice(buyer), "The number is taken.", "doc_number_taken")
    fail(connection, buyer, "Customer <Bea> has no name.")
    (letter,) = told(minutes=16)
    assert letter.recipient == "olivia@harbor.example"
    assert letter.subject == "QuickBooks needs attention: 3 records stopped"
    for body in (letter.text, letter.html):
        assert "Not in QuickBooks as here: 2 invoices ($200.00) and 1 customer." in body
        assert "2 times: The number is taken." in body
        assert body.count("https://fsm-navigator.example/settings/integrations/quickbooks") == 1
        assert "https://fsm-navigator.example/unsubscribe/" in body
    assert "- Customer <Bea> has no name." in letter.text
    assert "Customer &lt;Bea&gt; has no name." in letter.html


def test_what_belongs_together_is_gathered(connection, told):
    failing_invoice(connection)
    assert told(minutes=10) == []
    failing_invoice(connection)
    assert told(minutes=10) == []  # still coming
    (letter,) = told(minutes=10)
    assert "2 records stopped" in letter.subject


def test_trouble_that_keeps_coming_is_told_after_two_hours(connection, told):
    letters = []
    for _ in range(15):
        failing_invoice(connection)
        letters += told(minutes=10)
    assert [letter.subject for letter in letters] == ["QuickBooks needs attention: 12 records stopped"]


def test_at_most_one_a_day_and_then_what_is_new(connection, told):
    failing_invoice(connection)
    assert len(told(minutes=16)) == 1
    failing_invoice(connection)
    assert told(hours=12) == []
    (letter,) = told(hours=12)
    assert "2 records stopped" in letter.subject
    assert told(days=3) == []  # nothing changed since


def test_what_was_mended_in_time_is_not_told(connection, told):
    task = failing_invoice(connection)
    builders.put_in(task, TaskState.SYNCED)
    assert told(minutes=30) == []


def test_a_reconnect_that_is_needed_is_told_with_what_waits(connection, told):
    builders.invoice(builders.customer(connection.company))
    ask_to_reconnect(connection.id, "unauthorized")
    db.session.commit()
    (letter,) = told(minutes=16)
    assert letter.subject == "QuickBooks needs attention: reconnect needed"
    assert "1 invoice ($100.00) and 1 customer wait" in letter.text


ENDS = {
    "refresh_expires_at": "access to QuickBooks ends on Jul 5, 2026, because Intuit did not prolong it",
    "authorization_ends_at": "The consent to send to QuickBooks ends on Jul 5, 2026",
}


@pytest.mark.parametrize("end", ENDS)
def test_access_that_ends_soon_is_told_thrice_before_either_end(connection, told, clock, end: str):
    connection.refresh_expires_at = connection.authorization_ends_at = clock.now() + timedelta(days=500)
    setattr(connection, end, clock.now() + timedelta(days=125, hours=-1))
    db.session.commit()
    letters = {days: told(days=5) for days in range(5, 125, 5)}
    assert [days for days, sent in letters.items() if sent] == [35, 95, 120]
    for (letter,) in filter(None, letters.values()):
        assert letter.subject == "QuickBooks needs attention: access ends soon"
        assert ENDS[end] in letter.text.replace("\n", " ")
        assert "press Connect again" in letter.text.replace("\n", " ")


def test_access_that_was_prolonged_is_not_told(connection, told, clock):
    connection.refresh_expires_at = clock.now() + timedelta(days=91)
    db.session.commit()
    assert told() == []
    connection.refresh_expires_at = clock.now() + timedelta(days=100)
    db.session.commit()
    assert told(days=2) == []


def test_a_queue_that_stands_still_is_told_with_its_reason(connection, told, clock):
    """A pause blames no row: without this nobody would hear of a lapsed subscription."""
    builders.customer(connection.company)
    pause(connection.id, "subscription_lapsed", clock.now() + timedelta(days=2))
    db.session.commit()
    assert told(hours=11) == []
    (letter,) = told(hours=14)
    assert letter.subject == "QuickBooks needs attention: nothing moves"
    assert "1 customer waited for more than 12 hours. The QuickBooks subscription" in letter.text
    assert told(days=2) == []


def test_each_month_whose_reads_are_used_up_is_told_once(connection, told, clock):
    """Also of a row that waited when people were last told of something else."""
    connection.refresh_expires_at = clock.now() + timedelta(days=500)
    builders.customer(connection.company)
    assert len(told(hours=27)) == 1  # nothing moves
    connection.reads_blocked_until = clock.now() + timedelta(days=32)
    db.session.commit()
    (letter,) = told(days=31)
    assert letter.subject == "QuickBooks needs attention: this month's reads are used up"
    connection.reads_blocked_until = clock.now() + timedelta(days=5)
    db.session.commit()
    assert told(days=1) == []


def test_what_somebody_paused_is_no_news(connection, told, clock):
    builders.customer(connection.company)
    orders.hold(connection, "Olivia")
    db.session.commit()
    assert told(hours=14) == []


def test_other_companies_hear_nothing(connection, told, stranger, mailbox):
    builders.connected(stranger.company, realm="2")
    failing_invoice(connection)
    told(minutes=16)
    assert mailbox.to("sam@summit.example") == []


def test_nobody_who_wants_it_is_no_mail_and_no_repetition(connection, owner, told):
    owner.post("/settings/notifications", {"before": [f"quickbooks_attention:{owner.user_id}"]})
    failing_invoice(connection)
    assert told(minutes=16) == []
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0


def test_workers_who_look_at_once_tell_it_once(connection, told, mailbox, app, clock):
    failing_invoice(connection)
    clock.advance(minutes=16)
    together = threading.Barrier(4)

    def look() -> None:
        with app.app_context():
            together.wait(10)
            tell_of_trouble()

    workers = [threading.Thread(target=look) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(30)
    told()
    assert len(mailbox.letters) == 1


def test_what_was_mended_takes_nothing_from_the_day(connection, told):
    task = failing_invoice(connection)
    builders.put_in(task, TaskState.SYNCED)
    told(minutes=16)
    failing_invoice(connection)
    assert len(told(minutes=16)) == 1


def test_what_waits_for_what_stopped_is_not_counted_with_it(connection, told):
    buyer = builders.customer(connection.company)
    fail(connection, buyer, "Customer Bea has no name.")
    for _ in range(12):
        fail(connection, builders.invoice(buyer), "It waits for Bea.", "needed_record_failed")
    (letter,) = told(minutes=16)
    assert letter.subject == "QuickBooks needs attention: 1 record stopped"
    assert "Not in QuickBooks as here: 1 customer." in letter.text
    assert "12 more follow by themselves." in letter.text
    assert "It waits for Bea." not in letter.text


def test_one_record_that_waits_for_a_reconnect(connection, told):
    builders.customer(connection.company)
    ask_to_reconnect(connection.id, "reconnect_needed")
    db.session.commit()
    (letter,) = told(minutes=16)
    assert "Until then nothing goes: 1 customer waits." in letter.text
