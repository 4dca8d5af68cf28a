"""What a rehearsal foretells comes true, row by row, and until then nothing is written anywhere."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.activity.models import Activity
from app.extensions import db, now
from app.invoices.models import InvoiceStatus
from app.quickbooks import orders
from app.quickbooks.lane.repairs import STALE
from app.quickbooks.models import (
    ConnectionState,
    Item,
    PushBatch,
    RecordKind,
    RemoteLink,
    SyncAttempt,
    SyncTask,
    TaskState,
)
from app.quickbooks.models.runs import RunState
from app.quickbooks.rehearsal import report, runs, steps
from app.quickbooks.rehearsal.life import REHEARSALS
from app.quickbooks.rehearsal.models import Fate, RehearsalLine
from simulator.meter import is_read
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create

PAGE = "/settings/integrations/quickbooks/rehearsal"
TABLES = (SyncTask, RemoteLink, PushBatch, SyncAttempt, Item)


def counts() -> dict[str, int]:
    db.session.rollback()
    return {
        table.__tablename__: db.session.scalar(select(func.count()).select_from(table)) for table in TABLES
    }


def rows() -> list[tuple]:
    columns = (SyncTask.kind, SyncTask.record_id, SyncTask.state, SyncTask.wanted, SyncTask.problem)
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(SyncTask.id))]


def rehearsed(quickbooks, parts: int = steps.PART) -> dict[tuple[RecordKind, int], tuple[Fate, str]]:
    run = runs.start(quickbooks.connection)
    steps.PART = parts
    runs.run(run.id)
    db.session.expire_all()
    assert run.state is RunState.DONE, run.message
    lines = db.session.scalars(select(RehearsalLine).filter_by(rehearsal_id=run.id))
    return {(line.kind, line.record_id): (line.fate, line.problem) for line in lines}


@pytest.fixture
def backlog(quickbooks, owner):
    """A company that connected without sending, with good records and eleven kinds of trouble."""
    facts = {"book_close_date": "2026-01-31", "uses_sales_tax": True, "automated_sales_tax": False}
    quickbooks.connection.facts = quickbooks.connection.facts | facts
    orders.hold(quickbooks.connection, "Olivia")
    db.session.commit()
    other = {"PrimaryEmailAddr": {"Address": "other@rivera.example"}}
    create(quickbooks, "Customer", DisplayName="Rivera HVAC", **other)
    create(
        quickbooks,
        "Customer",
        DisplayName="Rosewood Bakery",
        PrimaryPhone={"FreeFormNumber": "(207) 555-0134"},
    )
    theirs = create(quickbooks, "Customer", DisplayName="Somebody Else")
    create(quickbooks, "Vendor", DisplayName="Acme Supply")
    create(quickbooks, "Item", Name="Parts", Type="Category")
    item = next(one for one in quickbooks.books("Item") if one["Type"] == "Service")
    line = {
        "Amount": 55,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": item["Id"]}},
    }
    create(quickbooks, "Invoice", CustomerRef={"value": theirs["Id"]}, DocNumber="N-1", Line=[line])

    good = builders.customer(owner.company, "Elm Street Library", email="desk@elm.example")
    builders.invoice(good)
    builders.invoice(good, lines=(("Air filter", "2", "9.50"), ("Callout", "1", "80.00")))
    builders.invoice(good, status=InvoiceStatus.VOID)
    builders.invoice(builders.customer(owner.company, "Somebody Else"))  # linked, nothing contradicts
    builders.invoice(good, number="N-1")
    builders.invoice(good, lines=(("Parts", "1", "5.00"),))
    builders.invoice(good, issue_date=builders.date(2026, 1, 15))
    builders.invoice(good, tax_rate=Decimal("17.125"))
    contradicted = builders.customer(owner.company, "Rivera HVAC", email="ours@rivera.example")
    builders.invoice(contradicted)
    builders.invoice(builders.customer(owner.company, "Rosewood Bakery LLC", phone="207-555-0134"))
    builders.invoice(builders.customer(owner.company, "Twin Oaks"))
    builders.invoice(builders.customer(owner.company, "TWIN OAKS"))
    builders.invoice(builders.customer(owner.company, "ACME Supply"))
    left_out = builders.customer(owner.company, "A friend")
    builders.invoice(left_out)
    orders.leave_out(quickbooks.connection, RecordKind.CUSTOMER, left_out.id, "Olivia", "A friend")
    builders.invoice(good, announce=False)  # never sent, only offered
    db.session.commit()
    return quickbooks


@pytest.mark.parametrize("parts", [200, 3])
def test_the_forecast_comes_true_row_by_row(backlog, owner, parts, monkeypatch):
    monkeypatch.setattr(steps, "PART", parts)
    before, tables, written = rows(), counts(), len(backlog.books("Invoice") + backlog.books("Customer"))
    foretold = rehearsed(backlog, parts)
    assert (rows(), counts()) == (before, tables)
    assert len(backlog.books("Invoice") + backlog.books("Customer")) == written

    owner.post(f"{PAGE}/start")
    told = [one.text for one in db.session.scalars(select(Activity).order_by(Activity.id.desc()).limit(2))]
    assert told == ["started the sending to QuickBooks", "queued the invoices that were never sent"]
    backlog.drain()
    happened = {
        (task.kind, task.record_id): (
            (Fate.GOES, "") if task.state is TaskState.SYNCED else (Fate.WAITS, task.problem)
        )
        for task in db.session.scalars(select(SyncTask))
        if (task.kind, task.record_id) in foretold
    }
    assert foretold == happened
    causes = {problem for fate, problem in foretold.values() if fate is Fate.WAITS}
    assert causes == {
        "books_closed",
        "no_tax_code",
        "doc_number_taken",
        "name_taken_by_other",
        "name_taken_contradicts",
        "name_taken_linked",
        "customer_doubtful",
        "needed_customer_doubtful",
        "needed_record_failed",
        "needed_record_left_out",
    }


def test_the_page_tells_it_in_numbers_and_each_opens_its_list(backlog, owner):
    rehearsed(backlog)
    run = REHEARSALS.newest(backlog.connection)
    told = report.report(run)
    page = owner.get(PAGE).text
    assert f"{told.invoices[Fate.GOES].count} invoices</a></strong> would go" in page
    assert "2 customers</a></strong> may be in QuickBooks already" in page
    for choice in ("fate=goes&kind=invoice", "problem=books_closed", "doubtful=1", "fate=waits"):
        assert "rehearsal-lines" in owner.get(f"{PAGE}/{run.id}/records?{choice}").text
    answer = owner.get(f"{PAGE}/{run.id}/records.csv?fate=waits", buffered=False)
    assert "Content-Length" not in answer.headers  # it leaves while it is read
    lines = answer.text.strip().splitlines()
    waiting = db.session.scalar(
        select(func.count()).select_from(RehearsalLine).filter_by(rehearsal_id=run.id, fate=Fate.WAITS)
    )
    assert len(lines) == waiting + 1


def test_another_choice_makes_it_stale(backlog, owner):
    rehearsed(backlog)
    assert "The settings were changed since" not in owner.get(PAGE).text
    backlog.connection.preferences.send_from = builders.date(2026, 1, 1)
    db.session.commit()
    assert "The settings were changed since" in owner.get(PAGE).text


def test_a_worker_rehearses_and_the_page_waits_for_it(backlog, owner, work):
    assert "waits for its turn" in owner.htmx("POST", PAGE).text
    work()
    assert "would go" in owner.get(PAGE).text


def test_it_costs_no_more_reads_than_the_sending(backlog, owner):
    before = len(backlog.simulator.calls())
    rehearsed(backlog)
    asked = backlog.simulator.calls()[before:]
    assert all("/query?" in call["path"] for call in asked)
    assert 0 < len(asked) <= 6  # all customers, then names of customers and items, numbers of invoices
    owner.post(f"{PAGE}/start")
    backlog.drain()
    sent = backlog.simulator.calls()[before + len(asked) :]
    assert len(asked) <= len([call for call in sent if is_read(call["operation"])])


def reads_of(quickbooks) -> int:
    return sum(is_read(call["operation"]) for call in quickbooks.simulator.calls())


def test_a_refund_costs_no_more_reads_than_by_the_lane(quickbooks, bill):
    builders.payment(bill, "100")
    quickbooks.drain()
    orders.hold(quickbooks.connection, "Olivia")
    refund = builders.refund(bill, "40")
    before = reads_of(quickbooks)
    assert rehearsed(quickbooks) == {(RecordKind.REFUND, refund.id): (Fate.GOES, "")}
    rehearsing = reads_of(quickbooks) - before
    orders.start(quickbooks.connection)
    db.session.commit()
    quickbooks.drain()
    assert 0 < rehearsing <= reads_of(quickbooks) - before - rehearsing


def test_with_nothing_to_send_nothing_is_offered(quickbooks, owner):
    assert rehearsed(quickbooks) == {}
    page = owner.get(PAGE).text
    assert "Nothing waited to be sent then." in page
    assert "Send it all" not in page


def looked_at_first(quickbooks, record) -> None:
    """QuickBooks refused its version (error 5010): its record changed there."""
    builders.put_in(builders.task_of(quickbooks.connection, record), TaskState.QUEUED, problem=STALE)
    assert rehearsed(quickbooks)[RecordKind(type(record).__name__.lower()), record.id][0] is Fate.READ_FIRST


def test_an_invoice_that_is_looked_at_first_does_not_simply_go(quickbooks, owner):
    bill = builders.invoice(builders.customer(owner.company))
    quickbooks.drain()
    builders.edit_invoice(bill, notes="edited")
    looked_at_first(quickbooks, bill)
    page = owner.get(PAGE).text
    assert "1 invoice</a> would be looked at in QuickBooks first, $100.00." in page
    assert "Everything would go" not in page
    assert "No invoices wait to be sent." not in page
    run = REHEARSALS.newest(quickbooks.connection)
    (line,) = owner.get(f"{PAGE}/{run.id}/records?fate=read_first").text.split('"In the way"')[1:]
    assert "QuickBooks is asked about it first." in line


def test_so_a_customer_that_is_looked_at_first(quickbooks, owner):
    person = builders.customer(owner.company)
    quickbooks.drain()
    builders.edit_customer(person, phone="(207) 555-0199")
    looked_at_first(quickbooks, person)
    page = owner.get(PAGE).text
    assert "1 other record (customers, payments, refunds) would be looked at in QuickBooks first." in page
    assert "Everything would go" not in page
    assert "No invoices wait to be sent." in page


def test_reads_that_are_used_up_are_noted(quickbooks, owner):
    """As a tie-out does: the lane then asks nothing either, and the page says until when."""
    orders.hold(quickbooks.connection, "Olivia")
    builders.invoice(builders.customer(owner.company, "Rivera HVAC"))
    quickbooks.connection.customers_read_at = None
    db.session.commit()
    quickbooks.simulator.settings(read_quota=1)
    run = runs.start(quickbooks.connection)
    runs.run(run.id)
    db.session.expire_all()
    assert run.state is RunState.FAILED
    assert quickbooks.connection.reads_are_blocked(now())


def trouble_of(quickbooks, owner) -> str:
    runs.run(runs.start(quickbooks.connection).id)
    db.session.expire_all()
    return owner.get(PAGE).text


def test_what_keeps_it_from_reading_is_said_with_what_to_do(quickbooks, owner):
    builders.customer(owner.company, "Rivera HVAC")
    quickbooks.simulator.settings(read_quota=1)
    for _ in range(2):
        page = trouble_of(quickbooks, owner)
    assert "as often this month as Intuit allows" in page
    assert "Rehearse again then." in page
    quickbooks.connection.state = ConnectionState.RECONNECT_NEEDED
    db.session.commit()
    page = trouble_of(quickbooks, owner)
    assert "An Owner signs in at Intuit again" in page
    assert "in a few minutes" not in page
