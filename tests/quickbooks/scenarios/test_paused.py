"""Somebody pauses the sending, or connects without sending: nothing is written there until it is started."""

import logging

from app.extensions import db
from app.quickbooks import orders
from app.quickbooks.models import TaskState
from app.quickbooks.outbox.sweep import sweep
from app.quickbooks.pages import overview
from tests.quickbooks import builders
from tests.quickbooks.consent import consent

PAGE = "/settings/integrations/quickbooks"


def test_paused_nothing_is_written_and_started_all_of_it_is(quickbooks, owner, work):
    assert owner.post(f"{PAGE}/pause").status_code == 303
    bill = builders.sent_invoice(builders.customer(owner.company))
    quickbooks.drain()
    assert sweep() == []
    work()
    assert (quickbooks.books("Customer"), quickbooks.books("Invoice")) == ([], [])
    assert quickbooks.row(bill).state is TaskState.QUEUED
    assert (
        overview.notice(quickbooks.connection).sentence == "Olivia paused it on Mar 2, 2026. Nothing is sent."
    )
    assert "Start sending" in owner.get(PAGE).text
    owner.post(f"{PAGE}/start")
    work()
    quickbooks.in_order(bill)
    assert overview.notice(quickbooks.connection) is None


def test_the_log_of_a_pause_names_nobody(quickbooks, owner, caplog):
    owner.post(f"{PAGE}/pause")
    with caplog.at_level(logging.INFO):
        quickbooks.drain()
    assert f"QuickBooks connection {quickbooks.connection.id} stops: somebody paused it" in caplog.text
    assert "Olivia" not in caplog.text


def test_connected_without_sending(quickbooks_of, owner, work):
    """Customers are queued, the company is read, and nothing is written."""
    person = builders.customer(owner.company)
    books = quickbooks_of(owner)
    authorize = owner.get(f"{PAGE}/connect?without-sending").headers["Location"]
    back = owner.get(consent(authorize, books.realm).split("localhost", 1)[1])
    window = owner.get(back.headers["Location"]).text
    assert "is connected, and nothing is sent until you press Start sending." in window
    assert "on their way" not in window
    work()
    assert books.connection.held_by == "Olivia"
    assert books.connection.facts["name"]
    assert books.row(person).state is TaskState.QUEUED
    assert books.books("Customer") == []


def test_connecting_again_does_not_start_it(quickbooks):
    orders.hold(quickbooks.connection, "Olivia")
    db.session.commit()
    quickbooks.connect()
    assert quickbooks.connection.held_at is not None


def test_only_an_owner_pauses_and_starts(quickbooks, dispatcher, bookkeeper):
    for actor in (dispatcher, bookkeeper):
        assert actor.post(f"{PAGE}/pause").status_code == 403
        assert actor.post(f"{PAGE}/start").status_code == 403
    assert quickbooks.connection.held_at is None


def test_the_page_offers_to_connect_without_sending(owner):
    assert f"{PAGE}/connect?without-sending=1" in owner.get(PAGE).text
