"""A new company with its first Owner: by the sign-up page, or by an operator."""

from sqlalchemy.exc import IntegrityError

from app.accounts import invitations, letters, links, throttle
from app.accounts.models import Company, LinkPurpose, Plan, Role, User
from app.accounts.secrets import new_secret
from app.accounts.sign_in import user_of
from app.activity.models import ActivityKind
from app.activity.recording import record
from app.extensions import db
from app.web.public_url import public_url


def ask_to_sign_up(email: str) -> None:
    """A mail either way, so that nobody learns whether the address has an account. Commits."""
    try:
        throttle.count_try(f"sign-up of {email.strip()}")
    except throttle.TooManyTries:
        return  # nobody's mailbox is flooded
    if user := user_of(email):
        letters.has_account(user, new_secret())
    else:
        letters.sign_up(email, links.make(LinkPurpose.SIGN_UP, email))
    db.session.commit()


def sign_up(secret: str, company_name: str, name: str, password: str) -> User | None:
    """The Owner of a new company on Free, or None when the link is used up. The caller commits."""
    link = links.find(LinkPurpose.SIGN_UP, secret)
    if link is None or user_of(link.email) or not links.use(LinkPurpose.SIGN_UP, secret):
        return None
    company = Company(name=company_name, plan=Plan.FREE, is_set_up=False)
    owner = User(company=company, email=link.email, name=name, role=Role.OWNER)
    owner.set_password(password)
    db.session.add(owner)
    try:
        db.session.flush()
    except IntegrityError:
        return None
    record(ActivityKind.COMPANY, "opened the company", company.id, by=owner)
    return owner


def create_company(name: str, owner_email: str, plan: Plan) -> str:
    """The address where the Owner chooses a password; it is mailed too. The caller commits.

    Raises team.NotAllowed when the address has an account.
    """
    if user_of(owner_email):
        raise invitations.NotAllowed(invitations.HAS_ACCOUNT)
    company = Company(name=name, plan=plan, is_set_up=False)
    db.session.add(company)
    db.session.flush()
    return public_url("accounts.accept", secret=invitations.invite(company, owner_email, Role.OWNER))
