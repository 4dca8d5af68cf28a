"""Outcomes are counted with what brought them about, on the day that it is for the company."""

from datetime import date, timedelta

import pytest

from app.extensions import db
from app.quickbooks.lane.fences import RowFence
from app.quickbooks.models import DayCount, TaskState
from app.quickbooks.outbox import day_counts, pruning
from app.quickbooks.pages.last_days import last_days, median_in_words
from tests.quickbooks import builders


@pytest.fixture
def connection(owner):
    return builders.connected(owner.company)


@pytest.fixture
def task(connection, owner):
    return builders.task_of(connection, builders.customer(owner.company))


def counted(connection) -> list[tuple]:
    rows = db.session.query(DayCount).filter_by(connection_id=connection.id)
    return sorted((row.day, row.outcome, row.within, row.number) for row in rows)


@pytest.mark.parametrize(
    ("seconds", "within"),
    [(-1, 1), (0.2, 1), (1, 1), (1.1, 2), (61, 120), (86_401, 172_800)],
)
def test_a_span_is_rounded_up(seconds, within):
    assert day_counts.within(timedelta(seconds=seconds)) == within


def test_the_spans_rise():
    assert list(day_counts.SPANS) == sorted(set(day_counts.SPANS))


@pytest.mark.parametrize(
    ("soon", "words"),
    [
        ({}, ""),
        ({1: 1}, "1 second"),
        ({2: 5, 30: 4}, "2 seconds"),
        ({2: 5, 30: 5, 60: 1}, "30 seconds"),
        ({7200: 3, 1: 2}, "2 hours"),
    ],
)
def test_half_of_them_took_no_longer(soon, words):
    assert median_in_words(soon) == words


def test_what_is_noted_is_counted_at_the_commit_alone(connection, task, count_queries):
    day_counts.note_failed(task)
    db.session.rollback()
    db.session.commit()
    assert counted(connection) == []
    for _ in range(3):
        day_counts.note_sent(task, task.wanted)
    day_counts.note_failed(task)
    with count_queries() as counter:
        db.session.commit()
    assert counter.count == 1
    day_counts.note_sent(task, task.wanted)
    db.session.commit()
    assert [row[1:] for row in counted(connection)] == [("failed", 0, 1), ("sent", 1, 4)]


def test_one_that_was_saved_again_meanwhile_does_not_say_how_long_it_took(connection, task):
    day_counts.note_sent(task, task.wanted - 1)
    db.session.commit()
    assert [row[2:] for row in counted(connection)] == [(0, 1)]
    (day,) = last_days(connection).busy
    assert (day.sent, day.half_within) == (1, "")


def test_the_day_is_the_companys(connection, task, owner, clock):
    clock.advance(hours=-9)  # three in the morning here
    owner.company.time_zone = "America/Los_Angeles"
    day_counts.note_failed(task)
    db.session.commit()
    assert [row[0] for row in counted(connection)] == [date(2026, 3, 1)]
    shown = last_days(connection)
    assert (len(shown.days), shown.days[-1].day, shown.days[-1].failed) == (30, date(2026, 3, 1), 1)


def test_old_days_are_neither_shown_nor_kept(connection, task, clock):
    day_counts.note_sent(task, task.wanted)
    db.session.commit()
    clock.advance(days=30)
    assert last_days(connection).busy == []
    pruning.prune()
    assert counted(connection)
    clock.advance(days=6)
    pruning.prune()
    assert counted(connection) == []


def test_what_is_undone_row_by_row_is_not_counted(connection, task):
    with RowFence(up=True).around(task):
        day_counts.note_sent(task, task.wanted)
        raise LookupError
    db.session.commit()
    assert task.state is TaskState.ERROR
    assert [row[1:] for row in counted(connection)] == [("failed", 0, 1)]
