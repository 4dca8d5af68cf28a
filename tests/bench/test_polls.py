"""bench/polls.py, small: an unchanged queue costs two statements, a changed one few bytes whatever waits."""

from datetime import UTC, datetime

from app import create_app
from app.config import from_environment
from app.lib.clock import FixedClock
from bench import polls


def test_a_poll_costs_little(app, settings):
    noon = FixedClock(datetime(2026, 3, 2, 12, tzinfo=UTC))
    own = create_app({**from_environment(settings), "WTF_CSRF_ENABLED": False}, clock=noon)
    with own.app_context():
        result = polls.measured(own, rows=400, rounds=2)
    assert result["statements"] == 2
    assert result["bytes"] <= polls.LARGEST
