"""Who works in a company, and as what. There is always an active Owner, and nobody joins beyond the plan's users.

Every change locks the company first: two at once cannot both count what was there before.
"""

from collections.abc import Sequence

from sqlalchemy import func, select

from app.accounts import sessions
from app.accounts.locking import lock_company
from app.accounts.models import Company, Invitation, Plan, Role, User
from app.activity.models import ActivityKind, Subject
from app.activity.recording import change, record
from app.extensions import db, now

MAKE_ROOM = "Withdraw an invitation, deactivate somebody, or change the plan."
LAST_OWNER = "A company needs an active Owner. Make somebody else an Owner first."


class NotAllowed(Exception):
    """The text says why, in a sentence for people."""


def members(company: Company) -> Sequence[User]:
    """Active people first."""
    order = User.deactivated_at.is_not(None), User.name, User.id
    return db.session.scalars(select(User).where(User.company_id == company.id).order_by(*order)).all()


def change_role(member: User, role: Role) -> None:
    """In force at the member's next request. The caller commits. Raises NotAllowed."""
    _lock_with(member)
    before = member.role
    if before is role:
        return
    if role is not Role.OWNER:
        _keep_an_owner(member)
    member.role = role
    changed = [change("Role", before, role)]
    record(ActivityKind.TEAM, "changed a role", member.company_id, on=subject(member), changes=changed)


def deactivate(member: User) -> None:
    """Signed out everywhere at once. The caller commits. Raises NotAllowed."""
    _lock_with(member)
    if not member.is_active:
        return
    _keep_an_owner(member)
    member.deactivated_at = now()
    sessions.end_all(member)
    record(ActivityKind.TEAM, "deactivated an account", member.company_id, on=subject(member))


def reactivate(member: User) -> None:
    """The caller commits. Raises NotAllowed."""
    company = _lock_with(member)
    if member.is_active:
        return
    need_a_seat(company)
    member.deactivated_at = None
    record(ActivityKind.TEAM, "reactivated an account", member.company_id, on=subject(member))


def _lock_with(member: User) -> Company:
    """The member too is read as it is now."""
    company = lock_company(member.company_id)
    db.session.refresh(member)
    return company


def seats_taken(company: Company) -> int:
    """Active people, and invitations that may still be accepted."""
    people = select(func.count()).where(User.company_id == company.id, User.deactivated_at.is_(None))
    invited = select(func.count()).where(Invitation.company_id == company.id, Invitation.ends_at > now())
    return (db.session.scalar(people) or 0) + (db.session.scalar(invited) or 0)


def need_a_seat(company: Company, remedy: str = MAKE_ROOM) -> None:
    """Under the lock. Raises NotAllowed."""
    limit = company.plan.user_limit
    if limit is not None and seats_taken(company) >= limit:
        raise NotAllowed(
            f"The {company.plan.label} plan has {limit} users, and pending invitations count. {remedy}"
        )


def too_many(company: Company, plan: Plan) -> str:
    """What it means that the team is larger than this plan's; empty where it is not."""
    taken, limit = seats_taken(company), plan.user_limit
    if limit is None or taken <= limit:
        return ""
    return (
        f"Your team counts {taken} users, pending invitations among them, and the {plan.label} plan has "
        f"{limit}. Everybody who is in stays in, and nobody new can join."
    )


def subject(member: User) -> Subject:
    """A person as the record of an event."""
    return Subject("user", member.id, member.name)


def _keep_an_owner(member: User) -> None:
    others = select(User.id).where(
        User.company_id == member.company_id,
        User.id != member.id,
        User.role == Role.OWNER,
        User.deactivated_at.is_(None),
    )
    if member.is_owner and member.is_active and db.session.scalar(others.limit(1)) is None:
        raise NotAllowed(LAST_OWNER)
