"""Reading and writing who gets what."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.accounts.models import User
from app.activity.models import ActivityKind
from app.activity.recording import record
from app.extensions import db, now
from app.notifications.kinds import NoticeKind, kinds
from app.notifications.models import NotificationChoice

Pair = tuple[str, int]  # a kind's key and a user's id


def people_for(company_id: int, kind: NoticeKind) -> list[User]:
    """Who gets a notice of this kind."""
    people = staff(company_id)
    wanted = wanted_by(people)
    return [user for user in people if (kind.key, user.id) in wanted]


def staff(company_id: int) -> Sequence[User]:
    """Everybody of the company who may have a notice; nobody whose account was taken back."""
    roles = frozenset().union(*(kind.roles for kind in kinds().values()))
    people = select(User).where(
        User.company_id == company_id, User.role.in_(roles), User.deactivated_at.is_(None)
    )
    return db.session.scalars(people.order_by(User.name, User.id)).all()


def wanted_by(people: Sequence[User]) -> set[Pair]:
    """Every kind and person that go together, by choice or by default."""
    chosen = {
        (row.kind, row.user_id): row.wanted
        for row in db.session.scalars(
            select(NotificationChoice).where(NotificationChoice.user_id.in_([user.id for user in people]))
        )
    }
    return {
        (kind.key, user.id)
        for kind in kinds().values()
        for user in people
        if user.role in kind.roles and chosen.get((kind.key, user.id), kind.is_on_by_default(user))
    }


def choose(user: User, kind: NoticeKind, wanted: bool, by: User | None = None) -> None:
    """Nothing happens when it is so already. The caller commits."""
    if ((kind.key, user.id) in wanted_by([user])) == wanted:
        return
    values = {"wanted": wanted, "chosen_at": now()}
    statement = insert(NotificationChoice).values(user_id=user.id, kind=kind.key, **values)
    db.session.execute(statement.on_conflict_do_update(index_elements=["user_id", "kind"], set_=values))
    text = f"switched “{kind.label}” {'on' if wanted else 'off'} for {user.name}"
    record(ActivityKind.MAIL, text, user.company_id, by=by)
