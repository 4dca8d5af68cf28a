"""Asking somebody to join a company: a link in a mail, good for 48 hours and once."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from app.accounts import letters, mail_quota
from app.accounts.locking import lock_company
from app.accounts.models import Company, Invitation, Role, User
from app.accounts.secrets import digest, new_secret
from app.accounts.sign_in import user_of
from app.accounts.team import NotAllowed, need_a_seat, subject
from app.activity.models import ActivityKind
from app.activity.recording import record
from app.extensions import db, now, rows_changed

GOOD_FOR = timedelta(hours=48)
NO_LONGER = "This invitation is no longer good. Ask an Owner of the company to send it again."
GONE = "This invitation was used or withdrawn meanwhile."
HAS_ACCOUNT = (
    "This e-mail address already has an account in FSM Navigator. Ask for an invitation to another address."
)


def pending(company: Company) -> Sequence[Invitation]:
    """Also those that ran out: they can be sent again."""
    query = select(Invitation).where(Invitation.company_id == company.id)
    return db.session.scalars(query.order_by(Invitation.created_at, Invitation.id)).all()


def invite(company: Company, email: str, role: Role) -> str:
    """The secret of the link, which is mailed too. The caller commits. Raises NotAllowed."""
    company = lock_company(company.id)
    if (user := user_of(email)) and user.company_id == company.id:
        raise NotAllowed(f"{user.name} is on your team already.")
    same = select(Invitation.id).where(
        Invitation.company_id == company.id, func.lower(Invitation.email) == email.lower()
    )
    if db.session.scalar(same):
        raise NotAllowed("This address was invited already. You can send the invitation again below.")
    if words := mail_quota.used_up_words(company):
        raise NotAllowed(words)
    need_a_seat(company)
    secret = new_secret()
    invitation = Invitation(
        company=company, email=email, role=role, digest=digest(secret), ends_at=now() + GOOD_FOR, times_sent=1
    )
    db.session.add(invitation)
    db.session.flush()
    letters.invitation(invitation, secret)
    record(ActivityKind.TEAM, f"invited {email} as {role.label}", company.id)
    return secret


def resend(invitation: Invitation) -> None:
    """A new link; the one before ends. The caller commits. Raises NotAllowed."""
    company, invitation = _locked(invitation)
    if words := mail_quota.used_up_words(company):
        raise NotAllowed(words)
    if not invitation.is_good:
        need_a_seat(company)
    secret = new_secret()
    invitation.digest, invitation.ends_at = digest(secret), now() + GOOD_FOR
    invitation.times_sent += 1
    letters.invitation(invitation, secret)
    record(ActivityKind.TEAM, f"invited {invitation.email} again", company.id)


def withdraw(invitation: Invitation) -> None:
    """The caller commits. Raises NotAllowed."""
    _, invitation = _locked(invitation)
    record(ActivityKind.TEAM, f"withdrew the invitation of {invitation.email}", invitation.company_id)
    db.session.execute(delete(Invitation).where(Invitation.id == invitation.id))


def _locked(invitation: Invitation) -> tuple[Company, Invitation]:
    """Both as they are now: meanwhile it may have been sent again, accepted or withdrawn. Raises NotAllowed."""
    company = lock_company(invitation.company_id)
    query = select(Invitation).where(Invitation.id == invitation.id)
    present = db.session.scalar(query.execution_options(populate_existing=True))
    if present is None:
        raise NotAllowed(GONE)
    return company, present


def find(secret: str) -> Invitation | None:
    return db.session.scalar(select(Invitation).where(*_good(secret)))


def accept(secret: str, name: str, password: str) -> User:
    """The new member. Of two at once one gets in. The caller commits. Raises NotAllowed."""
    invitation = find(secret)
    if invitation is None:
        raise NotAllowed(NO_LONGER)
    company, email, role = lock_company(invitation.company_id), invitation.email, invitation.role
    if rows_changed(delete(Invitation).where(*_good(secret))) != 1:
        raise NotAllowed(NO_LONGER)
    need_a_seat(company, "Ask an Owner of the company to make room, then open this link again.")
    return _join(company, email, role, name, password)


def _join(company: Company, email: str, role: Role, name: str, password: str) -> User:
    if user_of(email):
        raise NotAllowed(HAS_ACCOUNT)
    user = User(company=company, email=email, name=name, role=role)
    user.set_password(password)
    db.session.add(user)
    try:
        db.session.flush()
    except IntegrityError:
        raise NotAllowed(HAS_ACCOUNT) from None
    record(ActivityKind.TEAM, f"joined as {role.label}", company.id, on=subject(user), by=user)
    return user


def _good(secret: str) -> tuple:
    return Invitation.digest == digest(secret), Invitation.ends_at > now()
