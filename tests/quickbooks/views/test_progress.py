"""In progress and trying again: one quiet line with its bar and the time left; the connection beside it."""

import re
from datetime import timedelta

import pytest

from app.extensions import db, now
from app.quickbooks.models import BatchState, PushBatch, RecordKind, TaskState
from app.quickbooks.models.batch_items import BatchItem
from app.quickbooks.pages.time_left import time_left
from tests.people import Actor
from tests.quickbooks import builders

PAGE = "/settings/integrations/quickbooks"


@pytest.fixture
def connection(owner: Actor):
    return builders.connected(owner.company)


def sent(connection, number: int, ago: timedelta) -> None:
    item = BatchItem(
        task_id=1,
        version=1,
        read_at=now(),
        bid="1",
        entity=RecordKind.CUSTOMER.entity,
        operation="create",
        body={},
    )
    db.session.add(
        PushBatch(
            connection_id=connection.id,
            request_id=f"r{connection.id}-{ago.total_seconds()}",
            state=BatchState.SETTLED,
            items=[item] * number,
            settled_at=now() - ago,
        )
    )
    db.session.commit()


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_what_waits_takes_as_long_as_it_went_before(connection):
    sent(connection, 30, timedelta(seconds=30))
    assert time_left(connection, 300) == "about 5 minutes"
    assert time_left(connection, 10) == "less than a minute"


def test_too_little_says_nothing(connection, stranger: Actor):
    sent(connection, 30, timedelta(minutes=2))
    sent(builders.connected(stranger.company, realm="9130350000000002"), 30, timedelta(seconds=30))
    assert time_left(connection, 300) == ""
    sent(connection, 30, timedelta(seconds=3))
    assert time_left(connection, 300) == ""


def test_the_line_with_its_bar(connection, owner: Actor):
    for _ in range(2):
        builders.customer(owner.company)
    builders.put_in(builders.task_of(connection, builders.customer(owner.company)), TaskState.SYNCED)
    sent(connection, 1, timedelta(seconds=30))
    told = words(owner.get(PAGE).text)
    assert "Sync in progress — 1 of 3 items are up to date in QuickBooks. About 1 minute left." in told


def test_no_time_is_promised_while_nothing_moves(connection, owner: Actor):
    builders.customer(owner.company)
    sent(connection, 1, timedelta(seconds=30))
    connection.held_at, connection.held_by = now(), "Olivia"
    db.session.commit()
    assert "left." not in words(owner.get(PAGE).text)


def test_the_connection_says_when_it_last_synced_and_when_it_ends(connection, owner: Actor):
    connection.last_sync_at = now() - timedelta(minutes=3)
    connection.authorization_ends_at = now() + timedelta(days=1000)
    db.session.commit()
    page = owner.get(PAGE).text
    assert "3 minutes ago" in page
    assert re.search(r'<time[^>]*tabindex="0"[^>]*data-bs-title="Mar 2, 2026, \d+:\d\d [AP]M"', page)
    assert re.search(r"<dt>Authorization ends</dt>\s*<dd>Nov 26, 2028</dd>", page)


def test_the_nearer_end_is_told_when_it_is_near(connection, owner: Actor):
    connection.refresh_expires_at = now() + timedelta(days=20)
    connection.authorization_ends_at = now() + timedelta(days=1000)
    db.session.commit()
    assert re.search(r"<dt>Authorization ends</dt>\s*<dd>Mar 22, 2026</dd>", owner.get(PAGE).text)


def test_the_panel_comes_after_the_queue(connection, owner: Actor):
    page = owner.get(PAGE).text
    assert page.index('id="quickbooks-queue"') < page.index('id="quickbooks-panel"')
