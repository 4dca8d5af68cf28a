"""How many e-mails a company may send in a day, so that nobody floods strangers in the product's name."""

from datetime import timedelta

from sqlalchemy import func, select

from app.accounts.models import Company
from app.extensions import db, now
from app.mail.models import Message

DAY = timedelta(days=1)


def used_up_words(company: Company) -> str:
    """Why it may send no more at present; empty while it may. All its mail of 24 hours counts."""
    query = select(func.count()).where(Message.company_id == company.id, Message.queued_at > now() - DAY)
    if (db.session.scalar(query) or 0) < company.plan.mails_a_day:
        return ""
    return (
        f"{company.plan.mails_a_day:,} e-mails were sent in the last 24 hours. That is the most on the "
        f"{company.plan.label} plan. Try again tomorrow."
    )
