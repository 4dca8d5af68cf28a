"""What people change about their own account: password, address, a way back in."""

from app.accounts import letters, links, sessions, throttle
from app.accounts.models import LinkPurpose, User, UserSession
from app.accounts.secrets import new_secret
from app.accounts.sign_in import user_of
from app.activity.models import ActivityKind
from app.activity.recording import change, record
from app.extensions import db

CHANGED = "The password was changed, and every other browser was signed out."


def change_password(user: User, password: str, but: UserSession | None = None) -> None:
    """Ends every other session, and links that were asked for before. The caller commits."""
    user.set_password(password)
    sessions.end_all(user, but)
    links.forget_those_of(user)
    throttle.forgive(user.email)
    record(ActivityKind.SIGN_IN, "changed the password", user.company_id, by=user)
    letters.notice(user, CHANGED, f"password:{user.id}:{new_secret()}")


def ask_for_reset(email: str) -> None:
    """A mail to whoever has an account; nothing else tells whether somebody has, nor the time it takes. Commits."""
    try:
        throttle.count_try(f"reset of {email.strip()}")
    except throttle.TooManyTries:
        return  # nobody's mailbox is flooded
    user = user_of(email)
    if user and user.is_active:
        letters.reset(user, links.make(LinkPurpose.RESET, user.email, user))
        record(ActivityKind.SIGN_IN, "asked for a new password", user.company_id, by=user)
    else:
        _waste_time(email)
    db.session.commit()


def _waste_time(email: str) -> None:
    """A link and a letter as for somebody, of which nothing stays. The worker that is woken finds no letter."""
    with db.session.begin_nested() as savepoint:
        letters.reset(User(email=email, name=""), links.make(LinkPurpose.RESET, email))
        savepoint.rollback()


def reset(secret: str, password: str) -> User | None:
    """The person whose link it was, or None when it is used up. The caller commits."""
    link = links.find(LinkPurpose.RESET, secret)
    user = link.user if link else None
    if user is None or not user.is_active or not links.use(LinkPurpose.RESET, secret):
        return None
    change_password(user, password)
    return user


def ask_for_email(user: User, email: str) -> None:
    """The address changes once the link was used. Nobody learns who else has it. The caller commits.

    Raises throttle.TooManyTries: nobody's mailbox is flooded.
    """
    throttle.count_try(f"new address of {user.id}")
    letters.new_email(user, email, links.make(LinkPurpose.EMAIL, email, user))


def take_email(secret: str, but: UserSession | None = None) -> User | None:
    """None when the link is used up, or the address belongs to somebody by now. Else all sessions but one end. The
    caller commits.
    """
    link = links.find(LinkPurpose.EMAIL, secret)
    if link is None or link.user is None or not link.user.is_active:
        return None
    user, email = link.user, link.email
    if not links.use(LinkPurpose.EMAIL, secret) or user_of(email):
        return None
    before, user.email = user.email, email
    sessions.end_all(user, but)
    links.forget_those_of(user)
    changed = [change("E-mail", before, email)]
    record(ActivityKind.SIGN_IN, "changed the e-mail address", user.company_id, by=user, changes=changed)
    letters.address_taken(user, before, f"email:{user.id}:{new_secret()}")
    return user
