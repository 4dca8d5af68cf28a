"""A notice to everybody who wants its kind."""

from typing import Any

from app.accounts.models import Company
from app.activity.models import ActivityKind
from app.activity.recording import record
from app.mail.outbox import send_later
from app.notifications.choices import people_for
from app.notifications.kinds import NoticeKind
from app.notifications.unsubscribing import unsubscribe_url


def notify_later(
    company: Company, kind: NoticeKind, template: str, subject: str, event: str, context: dict[str, Any]
) -> int:
    """Queue one message a person; returns how many people there are. The caller commits.

    `template` extends `mail/_notice.html`, whose foot has the unsubscribe link; see mail.outbox.send_later.
    """
    people = people_for(company.id, kind)
    for user in people:
        url = unsubscribe_url(user, kind)
        send_later(
            user.email,
            template,
            subject,
            event=event,
            company_id=company.id,
            context={**context, "company": company, "user": user, "kind": kind, "unsubscribe_url": url},
            unsubscribe_url=url,
        )
    if people:
        readers = "1 person" if len(people) == 1 else f"{len(people)} people"
        record(ActivityKind.MAIL, f"“{subject}” was put into the outbox for {readers}", company.id)
    return len(people)
