"""Events are kept for two years, unless a setting says otherwise."""

from app.activity.models import ActivityKind
from app.activity.recording import record
from app.activity.retention import forget_old
from app.extensions import db
from tests.activity.events import texts
from worker import CHORES


def test_what_is_older_goes(app, owner, clock):
    for words in ("old", "young"):
        record(ActivityKind.COMPANY, words, owner.company_id)
        db.session.commit()
        clock.advance(days=1)
    clock.advance(days=app.config["ACTIVITY_DAYS"] - 2, hours=12)
    assert forget_old() == 1
    assert texts() == ["young"]
    assert app.config["ACTIVITY_DAYS"] == 730


def test_the_worker_does_it(app):
    assert forget_old in [chore.work for chore in CHORES]
