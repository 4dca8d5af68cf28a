"""What accounts write to people. Each is queued in the transaction of what it tells about."""

from app.accounts import links
from app.accounts.models import Invitation, LinkPurpose, User
from app.accounts.secrets import digest
from app.mail.outbox import send_later
from app.web.public_url import public_url


def invitation(to: Invitation, secret: str) -> None:
    company = to.company
    send_later(
        to.email,
        "accounts/mail/invitation",
        f"Join {company.name} in FSM Navigator",
        event=f"invitation:{to.id}:{to.times_sent}",
        company_id=company.id,
        context={
            "company": company.name,
            "role": to.role.label,
            "link": public_url("accounts.accept", secret=secret),
        },
    )


def reset(user: User, secret: str) -> None:
    page = public_url("accounts.reset", secret=secret)
    _link(LinkPurpose.RESET, "Choose a new password", user.email, page, user)


def new_email(user: User, email: str, secret: str) -> None:
    page = public_url("accounts.confirm_email", secret=secret)
    _link(LinkPurpose.EMAIL, "Confirm your new e-mail address", email, page, user)


def sign_up(email: str, secret: str) -> None:
    page = public_url("accounts.open_company", secret=secret)
    _link(LinkPurpose.SIGN_UP, "Open your company in FSM Navigator", email, page)


def has_account(user: User, secret: str) -> None:
    """Somebody wanted to sign up with the address of an account. `secret` only makes the event."""
    send_later(
        user.email,
        "accounts/mail/has_account",
        "You have an account in FSM Navigator",
        event=f"sign_up:{digest(secret)}",
        company_id=None,
        context={"link": public_url("accounts.forgotten")},
    )


def address_taken(user: User, before: str, event: str) -> None:
    """To the old address: no link for a new password goes there any more, so only others can help."""
    send_later(
        before,
        "accounts/mail/address_taken",
        "Your FSM Navigator account was changed",
        event=event,
        company_id=user.company_id,
        context={"name": user.name, "email": user.email, "company": user.company.name},
    )


def notice(user: User, what: str, event: str) -> None:
    """Of what changes who can get in."""
    send_later(
        user.email,
        "accounts/mail/notice",
        "Your FSM Navigator account was changed",
        event=event,
        company_id=user.company_id,
        context={"name": user.name, "what": what, "link": public_url("accounts.forgotten")},
    )


def _link(purpose: LinkPurpose, subject: str, email: str, page: str, user: User | None = None) -> None:
    """The message lives as long as its link."""
    send_later(
        email,
        f"accounts/mail/{purpose}",
        subject,
        event=f"{purpose}:{digest(page)}",
        company_id=user.company_id if user else None,
        context={"name": user.name if user else "", "link": page},
        good_for=links.GOOD_FOR[purpose],
    )
