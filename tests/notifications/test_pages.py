"""Who gets which notice: an Owner chooses, and everybody can leave by the link in the mail."""

import re

from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.activity.models import Activity
from app.extensions import db
from app.notifications.choices import people_for
from app.notifications.models import NotificationChoice
from app.notifications.unsubscribing import unsubscribe_url
from app.quickbooks.notices import ATTENTION, WEEKLY
from tests.people import Actor

PAGE = "/settings/notifications"


def names(owner: Actor, kind=ATTENTION) -> list[str]:
    return [user.email for user in people_for(owner.company_id, kind)]


def second_owner(app: Flask) -> Actor:
    return Actor.hired(app, "omar@harbor.example", company="Harbor Heating")


def opened(actor: Actor) -> list[str]:
    """What the page that is now open says was ticked."""
    return re.findall(r'name="before" value="([^"]+)"', actor.get(PAGE).text)


def choose(actor: Actor, *wanted: str):
    """Tick these boxes of a fresh page, and no others."""
    return actor.post(PAGE, {"before": opened(actor), "wanted": list(wanted)})


def path(url: str) -> str:
    return url.removeprefix("https://fsm-navigator.example")


def unsubscribe_path(actor: Actor) -> str:
    return path(unsubscribe_url(db.session.get_one(User, actor.user_id), ATTENTION))


def test_owners_get_them_until_somebody_chooses(app, owner, dispatcher, technician, stranger):
    second_owner(app)
    assert names(owner) == ["olivia@harbor.example", "omar@harbor.example"]


def test_an_owner_chooses_for_each_person_and_kind(app, owner, stranger):
    omar = second_owner(app)
    assert owner.get(PAGE).text.count("checked") == 4
    answer = choose(owner, f"quickbooks_attention:{omar.user_id}")
    assert answer.status_code == 303
    assert names(owner) == ["omar@harbor.example"]
    assert names(owner, WEEKLY) == []
    assert names(stranger) == ["sam@summit.example"]


def test_an_account_that_was_taken_back_gets_nothing(app, owner, clock):
    omar = db.session.get_one(User, second_owner(app).user_id)
    omar.deactivated_at = clock.now()
    db.session.commit()
    assert names(owner) == ["olivia@harbor.example"]
    assert "omar@harbor.example" not in owner.get(PAGE).text


def test_nobody_chooses_for_another_company(owner, stranger):
    attention, weekly = (f"{kind.key}:{owner.user_id}" for kind in (ATTENTION, WEEKLY))
    choose(owner, attention)
    stranger.post(PAGE, {"before": [*opened(stranger), attention], "wanted": [weekly]})
    assert names(owner) == ["olivia@harbor.example"]
    assert names(owner, WEEKLY) == []
    assert names(stranger) == []


def test_a_bookkeeper_chooses_for_themselves_alone(app, owner):
    bea = Actor.hired(app, "bea@books.example", company="Harbor Heating", role="bookkeeper")
    page = bea.get(PAGE).text
    assert "bea@books.example" in page
    assert "olivia@harbor.example" not in page
    choose(bea, f"quickbooks_attention:{bea.user_id}")
    assert names(owner) == ["bea@books.example", "olivia@harbor.example"]
    choose(bea)
    assert names(owner) == ["olivia@harbor.example"]


def test_a_page_that_is_out_of_date_changes_what_was_changed_on_it_alone(app, owner):
    omar = second_owner(app)
    before = opened(owner)
    ida = Actor.hired(app, "ida@harbor.example", company="Harbor Heating")  # hired after the page was opened
    app.test_client().post(unsubscribe_path(omar))  # and so was this box still ticked
    wanted = [pair for pair in before if pair != f"{WEEKLY.key}:{owner.user_id}"]
    assert len(wanted) == len(before) - 1
    assert owner.post(PAGE, {"before": before, "wanted": wanted}).status_code == 303
    assert names(owner) == ["ida@harbor.example", "olivia@harbor.example"]
    assert names(owner, WEEKLY) == ["ida@harbor.example", "omar@harbor.example"]
    assert ida.user_id not in {row.user_id for row in db.session.scalars(select(NotificationChoice))}


def test_what_changed_is_noted_once(app, owner):
    for _ in range(2):
        choose(owner, f"quickbooks_weekly:{owner.user_id}")
    app.test_client().post(path(unsubscribe_url(db.session.get_one(User, owner.user_id), WEEKLY)))
    texts = db.session.scalars(select(Activity.text).order_by(Activity.id)).all()
    assert texts == [
        "switched “QuickBooks needs attention” off for Olivia",
        "switched “QuickBooks weekly all-clear” off for Olivia",
    ]


def test_others_have_no_such_page(dispatcher, technician):
    assert [who.get(PAGE).status_code for who in (dispatcher, technician)] == [403, 403]


def test_the_link_asks_before_it_unsubscribes(app, owner):
    address = unsubscribe_path(owner)
    visitor = app.test_client()
    assert "olivia@harbor.example" in visitor.get(address).text
    assert names(owner) == ["olivia@harbor.example"]
    assert "no longer gets" in visitor.post(address).text
    assert names(owner) == []
    assert names(owner, WEEKLY) == ["olivia@harbor.example"]


def test_one_click_needs_no_session_and_no_csrf_token(app, owner, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    answer = app.test_client().post(unsubscribe_path(owner), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert names(owner) == []


def test_a_link_that_we_did_not_sign_is_not_found(app, owner):
    for address in (unsubscribe_path(owner) + "x", "/unsubscribe/nonsense"):
        assert app.test_client().post(address).status_code == 404
    assert names(owner) == ["olivia@harbor.example"]


def test_the_page_says_when_no_mail_leaves(app, owner, monkeypatch):
    assert "No mail leaves" not in owner.get(PAGE).text
    monkeypatch.setitem(app.config, "MAIL_SERVER", None)
    assert "No mail leaves" in owner.get(PAGE).text
