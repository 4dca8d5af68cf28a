"""How many e-mails a company may send in a day, so that nobody floods strangers in the product's name."""

from datetime import timedelta

from sqlalchemy import func, or_, select

from app.accounts.models import Company
from app.extensions import db, now
from app.mail.models import Message

DAY = timedelta(days=1)
TYPED = ("invoice:", "invitation:")  # events of letters to addresses that people type


def used_up_words(company: Company) -> str:
    """Why it may send no more at present; empty while it may. What the product writes by itself does not count."""
    is_typed = or_(*(Message.event.startswith(kind) for kind in TYPED))
    query = select(func.count()).where(
        Message.company_id == company.id, Message.queued_at > now() - DAY, is_typed
    )
    if (db.session.scalar(query) or 0) < company.plan.mails_a_day:
        return ""
    return (
        f"{company.plan.mails_a_day:,} e-mails were sent in the last 24 hours. That is the most on the "
        f"{company.plan.label} plan. Try again tomorrow."
    )
