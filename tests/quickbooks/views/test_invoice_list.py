"""The list of invoices, for a company with QuickBooks: two more views, a column, and what a selection offers."""

import json
import re

import pytest

from app.accounts.models import Plan
from app.accounts.plans import change_plan
from app.extensions import db
from app.invoices.models import InvoiceStatus
from app.quickbooks.models import Connection, RecordKind, RemoteLink, SyncTask, TaskState
from app.quickbooks.pages.needs import needs_somebody
from tests.invoices.test_list_views import rows_of, view
from tests.quickbooks import builders


@pytest.fixture
def connection(owner) -> Connection:
    return builders.connected(owner.company)


def put(connection: Connection, invoice, state: TaskState, is_there: bool = False, problem: str = "") -> None:
    task = db.session.query(SyncTask).filter_by(
        connection_id=connection.id, kind=RecordKind.INVOICE, record_id=invoice.id
    ).one_or_none() or SyncTask(connection_id=connection.id, kind=RecordKind.INVOICE, record_id=invoice.id)
    task.state, task.problem = state, problem
    db.session.add(task)
    if is_there:
        link = {"kind": RecordKind.INVOICE, "remote_id": str(invoice.id), "sync_token": "0"}
        db.session.add(RemoteLink(connection_id=connection.id, record_id=invoice.id, **link))
    db.session.commit()


def state_of(invoice) -> TaskState | None:
    return db.session.query(SyncTask.state).filter_by(kind=RecordKind.INVOICE, record_id=invoice.id).scalar()


def test_views_of_what_is_missing_there_and_of_what_needs_somebody(owner, connection):
    there, failed, left_out = (builders.invoice(builders.customer(owner.company)) for _ in range(3))
    put(connection, there, TaskState.SYNCED, is_there=True)
    put(connection, failed, TaskState.ERROR)
    put(connection, left_out, TaskState.SKIPPED)
    page = owner.get("/invoices")
    assert view(page, "Not in QuickBooks").startswith("Not in QuickBooks 1 ")
    assert view(page, "Needs you").startswith("Needs you 1 ")
    for name in ("not_in_quickbooks", "needs_you"):
        found = owner.get(f"/invoices?view={name}").text.split("<tbody>")[1]
        assert [one.number in found for one in (there, failed, left_out)] == [False, True, False]


def test_what_follows_another_record_by_itself_needs_nobody(owner, connection):
    """As the number in the navigation counts it."""
    following, failed = (builders.invoice(builders.customer(owner.company)) for _ in range(2))
    put(connection, following, TaskState.ERROR, problem="needed_record_failed")
    put(connection, failed, TaskState.ERROR, problem="no_income_account")
    assert needs_somebody(owner.company_id) == 1
    page = owner.get("/invoices")
    assert view(page, "Needs you").startswith("Needs you 1 ")
    assert view(page, "Not in QuickBooks").startswith("Not in QuickBooks 2 ")
    found = owner.get("/invoices?view=needs_you").text.split("<tbody>")[1]
    assert [one.number in found for one in (following, failed)] == [False, True]


def test_without_a_connection_nothing_is_said_about_it(owner):
    builders.invoice(builders.customer(owner.company))
    assert "Not in QuickBooks" not in owner.get("/invoices").text


def test_another_connections_rows_count_for_nothing(owner, stranger, connection):
    ours = builders.invoice(builders.customer(owner.company))
    theirs = builders.connected(stranger.company, realm="9130350000000002")
    put(theirs, ours, TaskState.ERROR)
    assert view(owner.get("/invoices"), "Needs you").startswith("Needs you 0 ")


def test_its_column_is_of_the_pro_plan(owner):
    builders.invoice(builders.customer(owner.company))
    head = '<th scope="col">QuickBooks</th>'
    assert head in owner.get("/invoices").text
    change_plan(owner.company, Plan.FREE)
    db.session.commit()
    assert head not in owner.get("/invoices").text


def test_the_file_says_what_the_badges_say(owner, connection):
    draft = builders.invoice(builders.customer(owner.company), status=InvoiceStatus.DRAFT)
    for state in TaskState:
        put(connection, builders.invoice(builders.customer(owner.company)), state, is_there=True)
    page = owner.get("/invoices?sort=number").text
    shown = dict(re.findall(r'data-standing="([^"]+)"[^>]*>([^<]+)</span>', page))
    file = {
        row["Number"]: row["QuickBooks"] for row in rows_of(owner.get("/invoices/invoices.csv?sort=number"))
    }
    assert file.pop(draft.number) == ""
    assert (
        set(file.values())
        == set(shown.values())
        >= {"In QuickBooks", "Needs you", "Trying again", "Left out"}
    )


@pytest.mark.parametrize("person", ["owner", "dispatcher", "bookkeeper"])
def test_a_selection_is_sent(request, connection, person):
    somebody = request.getfixturevalue(person)
    fresh, failed, there = (
        builders.invoice(builders.customer(somebody.company), announce=False) for _ in range(3)
    )
    put(connection, failed, TaskState.ERROR)
    put(connection, there, TaskState.SYNCED, is_there=True)
    ids = [fresh.id, failed.id, there.id]
    address = "/invoices/selected/quickbooks"
    answer = somebody.post(
        address, {"ids": ids, "what": "sync"}, headers={"Referer": "http://localhost/invoices?q=a"}
    )
    assert answer.headers["Location"] == "/invoices?q=a"
    assert [state_of(one) for one in (fresh, failed, there)] == [
        TaskState.QUEUED,
        TaskState.ERROR,
        TaskState.SYNCED,
    ]
    assert "1 of 3 queued for QuickBooks. 2 do not offer" in somebody.get("/invoices").text
    somebody.post(address, {"ids": ids, "what": "retry"})
    assert state_of(failed) is TaskState.QUEUED


def test_what_only_its_own_row_sends_is_told_apart(owner, connection):
    """A row that was left out offers Sync to QuickBooks, but not as one of many."""
    left_out, there = (builders.invoice(builders.customer(owner.company), announce=False) for _ in range(2))
    put(connection, left_out, TaskState.SKIPPED)
    put(connection, there, TaskState.SYNCED, is_there=True)
    owner.post("/invoices/selected/quickbooks", {"ids": [left_out.id, there.id], "what": "sync"})
    told = "0 of 2 queued for QuickBooks. 1 goes from its own menu alone. 1 does not offer"
    assert told in owner.get("/invoices").text


def test_a_stranger_sends_nothing(stranger, owner, connection):
    builders.connected(stranger.company, realm="9130350000000002")
    ours = builders.invoice(builders.customer(owner.company), announce=False)
    asked = {"ids": [ours.id], "what": "sync"}
    stranger.post("/invoices/selected/quickbooks", asked)
    assert state_of(ours) is None, "on neither connection"
    owner.post("/invoices/selected/quickbooks", asked)
    assert state_of(ours) is TaskState.QUEUED


@pytest.mark.parametrize("status", [InvoiceStatus.DISPUTED, InvoiceStatus.DRAFT])
def test_what_is_never_pushed_is_refused_alone_and_selected(owner, connection, status):
    held_back = builders.invoice(builders.customer(owner.company), status=status)
    assert owner.post(f"/invoices/{held_back.id}/quickbooks").status_code == 303
    assert f"{held_back.number} changed meanwhile, so nothing was done." in owner.get("/invoices").text
    assert state_of(held_back) is None
    owner.post("/invoices/selected/quickbooks", {"ids": [held_back.id], "what": "sync"})
    assert "0 of 1 queued for QuickBooks. 1 does not offer" in owner.get("/invoices").text
    assert state_of(held_back) is None


@pytest.mark.parametrize(
    ("person", "told"),
    [
        ("owner", "Invoice sync is off: QuickBooks → Settings → Sync Preferences."),
        ("dispatcher", "Ask an Owner: invoice sync is switched off."),
    ],
)
def test_why_a_selection_is_not_sent_is_said(request, connection, person, told):
    somebody = request.getfixturevalue(person)
    bills = [builders.invoice(builders.customer(somebody.company)) for _ in range(2)]
    connection.preferences.sync_invoices = False
    db.session.commit()
    ids = {"ids": [bill.id for bill in bills], "what": "sync"}
    answer = somebody.htmx("POST", "/invoices/selected/quickbooks", data=ids)
    told_in = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert told_in == {"text": f"0 of 2 queued for QuickBooks. {told}", "kind": "warning"}
