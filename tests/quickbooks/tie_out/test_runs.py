"""A tie-out's work: page by page, chunk by chunk, and what is said where QuickBooks cannot be read."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.extensions import db, now, redis
from app.quickbooks.account import metering
from app.quickbooks.models import ConnectionState
from app.quickbooks.models.runs import RunState
from app.quickbooks.tie_out import runs, steps
from app.quickbooks.tie_out.models import TieOut, TieOutLine, TieOutRead
from tests.quickbooks import builders
from tests.quickbooks.checkpoint import built_once
from tests.realms import AUTOMATED_TAX

# Longer than between two statements of ours, shorter than QuickBooks takes in the test that asks.
LONG_IDLE = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND state = 'idle in transaction'
      AND clock_timestamp() - state_change > interval '0.3 seconds'
"""


@built_once
def bill(quickbooks, owner):
    record = builders.invoice(builders.customer(owner.company, "Rivera HVAC"), number="INV-1")
    quickbooks.drain()
    redis().flushall()  # the nudges of what was drained by hand
    return record


def ended(run: TieOut) -> tuple[RunState, str]:
    db.session.refresh(run)
    return run.state, run.message


def lines_of(run: TieOut) -> list[TieOutLine]:
    return db.session.query(TieOutLine).filter_by(tie_out_id=run.id).order_by(TieOutLine.id).all()


def test_it_is_done_by_a_worker(bill, tie_out):
    run = tie_out()
    assert ended(run) == (RunState.DONE, "")
    assert (run.read, run.expected) == (1, 1)
    assert run.finished_at == now()
    assert [line.invoice_id for line in lines_of(run)] == [bill.id]


def test_a_company_without_invoices(tie_out):
    run = tie_out()
    assert (run.state, run.read, lines_of(run)) == (RunState.DONE, 0, [])


def test_two_companies_at_once(quickbooks, quickbooks_of, stranger, bill, work):
    other = quickbooks_of(stranger, AUTOMATED_TAX)
    mine, theirs = runs.start(quickbooks.connection), runs.start(other.connect())
    work()
    assert [len(lines_of(run)) for run in (mine, theirs)] == [1, 0]


def test_it_reads_page_by_page_and_tells_how_far(quickbooks, bill):
    for number in range(4):
        builders.invoice(bill.customer, number=f"INV-2{number}")
    quickbooks.drain()
    run, told = runs.start(quickbooks.connection), []

    def note() -> bool:
        told.append(db.session.query(TieOut.read, TieOut.expected).filter_by(id=run.id).one()._tuple())
        return True

    runs.run(run.id, go_on=note, page_size=2)
    # Asked before each page and each comparison, when what was done before has been noted.
    assert told == [(0, 0), (2, 5), (4, 5), (5, 5), (5, 5)]
    assert len(lines_of(run)) == 5


def test_what_is_pushed_while_it_reads_is_not_taken_for_missing(quickbooks, bill):
    run, late = runs.start(quickbooks.connection), []

    def push_meanwhile() -> bool:
        if db.session.get_one(TieOut, run.id, populate_existing=True).expected and not late:
            late.append(builders.invoice(bill.customer))
            builders.edit_invoice(bill, notes="new", number="INV-1B")
            quickbooks.drain()
        return True

    runs.run(run.id, go_on=push_meanwhile, page_size=1)
    assert late
    assert {line.verdict for line in lines_of(run)} == {"agrees"}
    assert len(lines_of(run)) == 2


def test_a_token_that_runs_out_is_renewed(quickbooks, bill, tie_out):
    quickbooks.simulator.control("POST", "tokens", {"action": "expire_access"})
    run = tie_out()
    assert run.state is RunState.DONE


def test_no_transaction_is_open_while_it_asks(quickbooks, bill, app):
    quickbooks.script("latency", operation="query", seconds=0.8, times=None)
    run_id, idle = runs.start(quickbooks.connection).id, []
    db.session.rollback()

    def work_in_a_thread() -> None:
        with app.app_context():
            runs.run(run_id, go_on=lambda: True)

    with (
        ThreadPoolExecutor(1) as pool,
        db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watcher,
    ):
        done = pool.submit(work_in_a_thread)
        while not done.done():
            idle.append(watcher.scalar(text(LONG_IDLE)))
            wait([done], timeout=0.05)
    done.result()
    assert len(idle) > 10
    assert set(idle) == {0}


@pytest.mark.parametrize(
    ("effect", "details", "words"),
    [
        ("throttle", {"times": 2}, "QuickBooks asked for a short break. Compare again in a few minutes."),
        (
            "maintenance",
            {"times": None},
            "QuickBooks does not answer at present. Compare again in a few minutes.",
        ),
        ("cut_after", {"times": None}, "QuickBooks does not answer at present."),
        ("fault", {"code": "10000", "times": None}, "Compare again"),
    ],
)
def test_trouble_is_told_with_what_to_do(quickbooks, bill, tie_out, effect: str, details: dict, words: str):
    quickbooks.script(effect, operation="query", **details)
    state, message = ended(tie_out())
    assert state is RunState.FAILED
    assert words in message


def test_a_throttle_pauses_the_connection_as_everywhere(quickbooks, bill, tie_out):
    quickbooks.script("throttle", operation="query", times=2)
    tie_out()
    assert quickbooks.connection.paused_until == now() + timedelta(seconds=60)


def test_the_months_reads_are_used_up(quickbooks, bill, tie_out):
    """What needs no read goes on, so the lane does not pause."""
    quickbooks.simulator.settings(read_quota=1)
    state, message = ended(tie_out())
    assert state is RunState.FAILED
    assert "as often this month as Intuit allows" in message
    assert message.endswith("waits until April 1; the rest goes on. Compare again then.")
    assert quickbooks.connection.reads_blocked_until == metering.blocked_until()
    assert quickbooks.connection.paused_until is None


def test_a_blip_is_asked_again(quickbooks, bill, tie_out):
    quickbooks.script("cut_after", operation="query")
    assert tie_out().state is RunState.DONE


def test_access_withdrawn_at_intuit(quickbooks, bill, tie_out):
    quickbooks.script("fault", code="3200", message="Token revoked", times=None)
    state, message = ended(tie_out())
    assert state is RunState.FAILED
    assert "signs in at Intuit again" in message
    assert quickbooks.connection.state is ConnectionState.RECONNECT_NEEDED


def test_a_reconnect_that_is_needed_already(quickbooks, bill, tie_out):
    quickbooks.connection.state = ConnectionState.RECONNECT_NEEDED
    db.session.commit()
    assert "signs in at Intuit again" in tie_out().message


def test_it_goes_on_where_a_slice_ended(quickbooks, bill, monkeypatch):
    """A deploy, or other companies' turns: nothing is read or compared twice."""
    monkeypatch.setattr(steps, "CHUNK", 2)
    for number in range(4):
        builders.invoice(bill.customer, number=f"INV-2{number}")
    quickbooks.drain()
    run, before, slices = runs.start(quickbooks.connection), len(quickbooks.simulator.calls()), 0
    while not runs.run(run.id, go_on=iter([True, False]).__next__, page_size=2):
        assert ended(run) == (RunState.RUNNING, "")
        slices += 1
    assert slices == 3 + 3  # pages and chunks
    assert ended(run) == (RunState.DONE, "")
    assert len(quickbooks.simulator.calls()) == before + 2 + 3  # customers, the count, the pages
    assert [line.verdict for line in lines_of(run)] == ["agrees"] * 5
    assert db.session.query(TieOutRead).count() == 0


def test_two_workers_at_one_run_compare_nothing_twice(quickbooks, bill, app):
    run_id = runs.start(quickbooks.connection).id
    db.session.commit()

    def slice_() -> bool:
        with app.app_context():
            return runs.run(run_id, go_on=lambda: True)

    with ThreadPoolExecutor(2) as pool:
        assert [done.result() for done in [pool.submit(slice_) for _ in range(2)]] == [True, True]
    assert db.session.query(TieOutLine).count() == 1


def test_a_number_that_is_there_twice_stays_said_on_the_row_whatever_the_pages(quickbooks, bill, monkeypatch):
    """Read without the other one, it would pass for the only one."""
    monkeypatch.setattr(steps, "IDS_AT_ONCE", 1)
    quickbooks.simulator.company(quickbooks.realm, warn_duplicate_numbers=False)
    other = builders.invoice(bill.customer, number="INV-0")
    quickbooks.drain()
    renumbered = quickbooks.invoice(bill.number)["Id"]
    quickbooks.do("invoice", renumbered, "edit", DocNumber="INV-0")
    for page_size in (1, 200):
        run = runs.start(quickbooks.connection)
        assert runs.run(run.id, go_on=lambda: True, page_size=page_size)
        for record in (bill, other):
            assert quickbooks.row(record).problem == "different_there"
        assert "2 invoices in QuickBooks have this number" in quickbooks.row(other).message
    quickbooks.do("invoice", renumbered, "edit", DocNumber=bill.number)
    run = runs.start(quickbooks.connection)
    assert runs.run(run.id, go_on=lambda: True, page_size=1)
    quickbooks.in_order(bill, other)
