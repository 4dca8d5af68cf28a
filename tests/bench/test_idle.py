"""bench/idle.py, small: an idle company costs the schedule no statement of its own."""

from app.extensions import db
from bench import idle
from devtools.filled import fill_with_others, settle_down


def test_idle_companies_cost_no_statements(app):
    fill_with_others(2, 20, troubled=0)
    settle_down()
    few = idle.round_of_chores()
    fill_with_others(8, 20, troubled=0)
    settle_down()
    assert idle.round_of_chores() == few
    db.session.rollback()
