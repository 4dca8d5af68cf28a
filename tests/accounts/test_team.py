"""Settings → Team: invitations, roles, and who may still sign in."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import invitations, team
from app.accounts.models import Company, Invitation, Plan, Role, User
from app.accounts.team import NotAllowed
from app.activity.models import Activity
from app.extensions import db
from tests.accounts.letters import link_in
from tests.people import Actor

PAGE = "/settings/team"
BEA = "bea@books.example"
JOINING = {"name": "Bea Lang", "new_password": "a quiet evening by the lake"}


def invite(owner: Actor, email: str = BEA, role: str = "bookkeeper"):
    return owner.post(PAGE, {"email": email, "role": role})


def invitation() -> Invitation:
    return db.session.scalars(select(Invitation)).one()


def test_somebody_invited_joins_with_the_role(owner: Actor, browser, letters):
    assert invite(owner, "Bea@Books.example").status_code == 303
    link = letters.link_to(BEA)
    page = browser.get(link).text
    assert "Join Harbor Heating" in page
    assert "As Bookkeeper" in page
    assert browser.post(link, JOINING).status_code == 303
    assert browser.get("/activity").status_code == 200
    member = db.session.query(User).filter_by(email=BEA).one()
    assert (member.role, member.name, member.company_id) == (Role.BOOKKEEPER, "Bea Lang", owner.company_id)
    page = owner.get(PAGE).text
    assert "Bea Lang" in page
    assert "team-invitations" not in page


def test_the_link_works_once(owner: Actor, browser, new_browser, letters):
    invite(owner)
    link = letters.link_to(BEA)
    browser.post(link, JOINING)
    assert new_browser().get(link).status_code == 422
    assert new_browser().post(link, JOINING).status_code == 422


def test_the_link_works_for_48_hours(owner: Actor, browser, letters, clock):
    invite(owner)
    link = letters.link_to(BEA)
    clock.advance(hours=47, minutes=59)
    assert browser.get(link).status_code == 200
    clock.advance(minutes=1)
    assert browser.post(link, JOINING).status_code == 422
    assert "ran out" in owner.get(PAGE).text


def test_sent_again_the_first_link_ends(owner: Actor, browser, letters, clock):
    invite(owner)
    first = letters.link_to(BEA)
    clock.advance(hours=50)
    owner.post(f"{PAGE}/invitations/{invitation().id}/resend")
    second = letters.link_to(BEA)
    assert browser.get(first).status_code == 422
    assert browser.get(second).status_code == 200


def test_withdrawn_it_is_worth_nothing(owner: Actor, browser, letters):
    invite(owner)
    link = letters.link_to(BEA)
    owner.post(f"{PAGE}/invitations/{invitation().id}/withdraw")
    assert browser.post(link, JOINING).status_code == 422


def test_sent_again_twice_at_once_the_last_link_works(app: Flask, owner: Actor, browser, letters):
    """Each click has read the invitation before it waits for the other."""
    invite(owner)
    letters.letters_to(BEA)
    read, invitation_id = Barrier(2), invitation().id

    def resend() -> None:
        mine = db.session.get_one(Invitation, invitation_id)
        read.wait(timeout=10)
        invitations.resend(mine)

    assert at_once(app, resend, resend) == [True, True]
    sent = [link_in(letter) for letter in letters.letters_to(BEA)]
    assert len(sent) == 3
    assert [browser.get(link).status_code for link in sent].count(200) == 1


@pytest.mark.parametrize("step", [invitations.resend, invitations.withdraw])
def test_an_invitation_that_was_used_meanwhile(app: Flask, owner: Actor, letters, step):
    invite(owner)
    secret = letters.link_to(BEA).rsplit("/", 1)[1]
    read_before = invitation()
    assert at_once(app, lambda: invitations.accept(secret, "Bea", JOINING["new_password"])) == [True]
    with pytest.raises(NotAllowed, match=r"used or withdrawn meanwhile"):
        step(read_before)
    db.session.rollback()
    assert "withdrew the invitation" not in owner.get("/activity").text


@pytest.mark.parametrize(
    ("email", "role", "why"),
    [
        ("", "bookkeeper", "Enter an e-mail address."),
        ("nobody", "bookkeeper", "like name@example.com"),
        (BEA, "", "Choose a role."),
        (BEA, "king", "Not a valid choice."),
        ("olivia@harbor.example", "owner", "Olivia is on your team already."),
    ],
)
def test_a_bad_invitation_is_told_beside_its_field(owner: Actor, email: str, role: str, why: str):
    answer = invite(owner, email, role)
    assert answer.status_code == 422
    assert why in answer.text
    assert db.session.scalar(select(Invitation)) is None


def test_an_account_elsewhere_is_not_told_to_the_owner_but_to_its_holder(
    owner: Actor, stranger: Actor, browser, letters
):
    assert invite(owner, "sam@summit.example").status_code == 303
    answer = browser.post(letters.link_to("sam@summit.example"), JOINING)
    assert "already has an account" in answer.text
    assert db.session.get_one(User, stranger.user_id).company_id == stranger.company_id


@pytest.mark.parametrize("password", ["short", "bea likes long summers", "password1234"])
def test_a_weak_password_does_not_join(owner: Actor, browser, letters, password: str):
    invite(owner)
    link = letters.link_to(BEA)
    answer = browser.post(
        link, JOINING | {"name": "Beatrice", "new_password": password.replace("bea", "Beatrice")}
    )
    assert answer.status_code == 422
    assert "Beatrice" in answer.text
    assert invitation()


def test_a_role_is_changed_and_written_down(owner: Actor, dispatcher: Actor):
    assert owner.post(f"{PAGE}/{dispatcher.user_id}/role", {"role": "bookkeeper"}).status_code == 303
    assert db.session.get_one(User, dispatcher.user_id).role is Role.BOOKKEEPER
    (event,) = db.session.scalars(select(Activity).where(Activity.text == "changed a role"))
    assert (event.record_name, event.changes) == ("Dan", [["Role", "Dispatcher", "Bookkeeper"]])


@pytest.mark.parametrize("role", ["", "king"])
def test_an_unknown_role_is_refused(owner: Actor, dispatcher: Actor, role: str):
    assert owner.post(f"{PAGE}/{dispatcher.user_id}/role", {"role": role}).status_code == 400


def test_deactivated_and_back(owner: Actor, dispatcher: Actor, browser):
    owner.post(f"{PAGE}/{dispatcher.user_id}/deactivate")
    assert browser.sign_in("dan@harbor.example").status_code == 422
    owner.post(f"{PAGE}/{dispatcher.user_id}/reactivate")
    assert browser.sign_in("dan@harbor.example").status_code == 303


@pytest.mark.parametrize("step", [("deactivate", {}), ("role", {"role": "dispatcher"})])
def test_the_last_owner_stays(owner: Actor, dispatcher: Actor, step: tuple[str, dict]):
    answer = owner.post(f"{PAGE}/{owner.user_id}/{step[0]}", step[1])
    assert answer.status_code == 422
    assert team.LAST_OWNER in answer.text
    assert db.session.get_one(User, owner.user_id).is_owner


def test_with_a_second_owner_the_first_may_go(owner: Actor, dispatcher: Actor):
    owner.post(f"{PAGE}/{dispatcher.user_id}/role", {"role": "owner"})
    assert owner.post(f"{PAGE}/{owner.user_id}/deactivate").status_code == 303
    assert owner.get("/customers").status_code == 303


def test_a_deactivated_owner_does_not_count(owner: Actor, dispatcher: Actor):
    owner.post(f"{PAGE}/{dispatcher.user_id}/role", {"role": "owner"})
    owner.post(f"{PAGE}/{dispatcher.user_id}/deactivate")
    assert owner.post(f"{PAGE}/{owner.user_id}/deactivate").status_code == 422


def at_once(app: Flask, *steps) -> list[bool]:
    """Whether each went through, all started together."""

    def done(step) -> bool:
        with app.app_context():
            try:
                step()
            except NotAllowed:
                db.session.rollback()
                return False
            db.session.commit()
            return True

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(done, steps))


@pytest.mark.parametrize("time", range(3))
def test_two_owners_who_deactivate_each_other_leave_one(app: Flask, owner: Actor, time: int):
    other = Actor.hired(app, "otto@harbor.example", company="Harbor Heating")
    gone = at_once(
        app,
        lambda: team.deactivate(db.session.get_one(User, owner.user_id)),
        lambda: team.change_role(db.session.get_one(User, other.user_id), Role.DISPATCHER),
    )
    assert sorted(gone) == [False, True]


@pytest.fixture
def frugal(app: Flask) -> Actor:
    """Five users are all that Free has; here are four."""
    people = [
        Actor.hired(app, f"{name}@frugal.example", company="Frugal Fixers", role=role, plan=Plan.FREE)
        for name, role in (
            ("fay", "owner"),
            ("ann", "technician"),
            ("bob", "technician"),
            ("cid", "dispatcher"),
        )
    ]
    return people[0]


def test_pending_invitations_count_towards_the_plan(frugal: Actor):
    assert invite(frugal).status_code == 303
    answer = invite(frugal, "sixth@books.example")
    assert answer.status_code == 422
    assert "The Free plan has 5 users" in answer.text
    assert "sixth@books.example" in answer.text
    assert "5 of the 5 users" in answer.text


def test_what_ran_out_or_was_deactivated_makes_room(frugal: Actor, clock):
    invite(frugal)
    clock.advance(hours=48)
    assert invite(frugal, "sixth@books.example").status_code == 303
    again = db.session.scalars(select(Invitation).filter_by(email=BEA)).one().id
    assert frugal.post(f"{PAGE}/invitations/{again}/resend").status_code == 422
    cid = db.session.query(User).filter_by(email="cid@frugal.example").one().id
    frugal.post(f"{PAGE}/{cid}/deactivate")
    assert frugal.post(f"{PAGE}/invitations/{again}/resend").status_code == 303
    assert frugal.post(f"{PAGE}/{cid}/reactivate").status_code == 422


def test_a_company_that_went_down_to_free_takes_nobody_in(app: Flask, owner: Actor, browser, letters):
    for number in range(4):
        Actor.hired(app, f"t{number}@harbor.example", company="Harbor Heating", role="technician")
    invite(owner)
    over = "Your team counts 6 users, pending invitations among them, and the Free plan has 5."
    assert over in owner.get("/settings/plan").text
    assert "Your team counts" not in owner.get(PAGE).text
    owner.post("/settings/plan", {"plan": "free"})
    page = owner.get(PAGE).text
    assert f"{over} Everybody who is in stays in, and nobody new can join." in page
    assert "6 of the 5" not in page
    answer = browser.post(letters.link_to(BEA), JOINING)
    assert "The Free plan has 5 users" in answer.text
    assert "Ask an Owner of the company" in answer.text
    assert "Withdraw an invitation" not in answer.text  # an Owner's to do
    assert invitation()  # kept: it works once there is room


def test_two_invitations_at_once_take_one_seat(app: Flask, frugal: Actor):
    def asked(email: str):
        return lambda: invitations.invite(
            db.session.get_one(Company, frugal.company_id), email, Role.TECHNICIAN
        )

    assert sorted(at_once(app, asked("x@books.example"), asked("y@books.example"))) == [False, True]


def test_two_who_open_one_invitation_at_once_become_one(app: Flask, owner: Actor, letters):
    invite(owner)
    secret = letters.link_to(BEA).rsplit("/", 1)[1]
    joined = at_once(app, *[lambda: invitations.accept(secret, "Bea", JOINING["new_password"])] * 2)
    assert sorted(joined) == [False, True]


def test_a_name_cannot_forge_a_header_or_a_page(owner: Actor, browser, letters):
    invite(owner)
    browser.post(letters.link_to(BEA), JOINING | {"name": "<b>Bea</b>"})
    assert "<b>Bea</b>" not in owner.get(PAGE).text


def test_an_invitation_goes_again_only_so_often(owner: Actor, letters, monkeypatch):
    monkeypatch.setattr(Plan, "mails_a_day", 2)
    invite(owner)
    again = f"{PAGE}/invitations/{invitation().id}/resend"
    assert owner.post(again).status_code == 303
    answer = owner.post(again)
    assert answer.status_code == 422
    assert "Try again tomorrow." in answer.text
