"""The four labels, each only when it is true (domain promise 7)."""

import pytest
from sqlalchemy import select

from app.accounts.models import Plan
from app.extensions import db, now
from app.invoices.models import Invoice, InvoiceStatus
from app.quickbooks.models import SYNCABLE, ConnectionState, RecordKind, RemoteLink, TaskState
from app.quickbooks.pages import actions
from app.quickbooks.pages.actions import Label
from tests.people import Actor
from tests.quickbooks import builders

LABELS = {
    TaskState.QUEUED: Label.QUEUED,
    TaskState.SENDING: Label.QUEUED,
    TaskState.CHECKING: Label.QUEUED,
    TaskState.BACKOFF: Label.RETRY,
    TaskState.ERROR: Label.RETRY,
    TaskState.SYNCED: Label.FORCE,
    TaskState.SKIPPED: Label.SYNC,
}


def action(owner: Actor, invoice) -> actions.RowAction | None:
    return actions.row_actions(owner.company, [invoice]).get(invoice.id)


@pytest.mark.parametrize("state", list(TaskState))
def test_the_label_of_each_state(owner: Actor, state: TaskState):
    connection = builders.connected(owner.company)
    bill = builders.invoice(builders.customer(owner.company))
    builders.put_in(builders.task_of(connection, bill), state)
    shown = action(owner, bill)
    assert shown.label is LABELS[state]
    assert shown.enabled == (LABELS[state] is not Label.QUEUED)


def test_a_draft_and_a_disputed_invoice_are_never_pushed():
    """Every other status is: the words of domain promise 7."""
    words = "generated sent partially_paid paid overdue void refunded partially_refunded"
    assert {InvoiceStatus(word) for word in words.split()} == SYNCABLE
    assert set(InvoiceStatus) - SYNCABLE == {InvoiceStatus.DRAFT, InvoiceStatus.DISPUTED}


@pytest.mark.parametrize("invoice_status", list(InvoiceStatus))
def test_only_syncable_statuses_have_an_action(owner: Actor, invoice_status: InvoiceStatus):
    builders.connected(owner.company)
    bill = builders.invoice(builders.customer(owner.company), status=invoice_status, announce=False)
    shown = action(owner, bill)
    assert (shown is not None) == (invoice_status in SYNCABLE)
    if shown:
        assert (shown.label, shown.enabled) == (Label.SYNC, True)


def test_a_link_without_a_row_can_be_forced(owner: Actor):
    connection = builders.connected(owner.company)
    bill = builders.invoice(builders.customer(owner.company), announce=False)
    db.session.add(
        RemoteLink(
            connection_id=connection.id,
            kind=RecordKind.INVOICE,
            record_id=bill.id,
            remote_id="7",
            sync_token="0",
        )
    )
    db.session.commit()
    assert action(owner, bill).label is Label.FORCE


def test_not_connected_is_disabled_and_says_where_to_go(owner: Actor):
    shown = action(owner, builders.invoice(builders.customer(owner.company)))
    assert (shown.label, shown.enabled) == (Label.SYNC, False)
    assert "Settings → Integrations → QuickBooks" in shown.why_not


@pytest.mark.parametrize("state", list(TaskState))
def test_after_a_disconnect_the_label_still_says_how_it_stands(owner: Actor, state: TaskState):
    """Never synced, queued, failed and in QuickBooks are four things, whether or not one of them can be pressed."""
    connection = builders.connected(owner.company)
    bill = builders.invoice(builders.customer(owner.company))
    builders.put_in(builders.task_of(connection, bill), state)
    connection.state, connection.disconnected_at = ConnectionState.DISCONNECTED, now()
    shown = action(owner, bill)
    assert (shown.label, shown.enabled) == (LABELS[state], False)
    assert shown.why_not == actions.WHERE_TO_CONNECT
    assert not shown.unfinished  # nothing will change, so nothing is asked again
    assert not shown.may_leave_out


def test_reconnect_invoices_off_and_free_plan_say_why(owner: Actor):
    connection = builders.connected(owner.company)
    bill = builders.invoice(builders.customer(owner.company))
    connection.state = ConnectionState.RECONNECT_NEEDED
    assert action(owner, bill).why_not == actions.WHERE_TO_RECONNECT
    connection.state = ConnectionState.CONNECTED
    connection.preferences.sync_invoices = False
    assert action(owner, bill).why_not == actions.INVOICES_OFF
    owner.company.plan = Plan.FREE
    assert action(owner, bill).why_not == actions.NOT_ON_PLAN


def test_one_company_never_sees_another_ones_rows(owner: Actor, stranger: Actor):
    builders.connected(stranger.company)
    bill = builders.invoice(builders.customer(owner.company))
    assert action(owner, bill).why_not == actions.WHERE_TO_CONNECT


def test_a_page_of_rows_costs_a_few_queries(owner: Actor, count_queries):
    connection = builders.connected(owner.company)
    person = builders.customer(owner.company)
    for _ in range(20):
        builders.invoice(person)
    many, company = db.session.scalars(select(Invoice)).all(), owner.company
    few = many[:3]
    actions.row_actions(company, many)
    assert connection.company_id == company.id
    with count_queries() as for_few:
        actions.row_actions(company, few)
    with count_queries() as for_many:
        actions.row_actions(company, many)
    assert for_many.count == for_few.count
