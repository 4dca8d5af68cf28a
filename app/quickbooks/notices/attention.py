"""The notice that QuickBooks needs attention: when it gets worse, gathered, at most one a day, never at night."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select, union_all, update

from app.accounts.models import PLANS_WITH_QUICKBOOKS, Company
from app.extensions import db, now, rows_changed
from app.notifications.sending import notify_later
from app.quickbooks.models import Connection
from app.quickbooks.notices import ATTENTION
from app.quickbooks.notices.alert import Trouble
from app.quickbooks.notices.alerts import ALERTS
from app.web.public_url import public_url

QUIET = timedelta(minutes=15)  # nothing new for so long: what belongs together has gathered
PATIENCE = timedelta(hours=2)  # it is told even if new trouble keeps coming
MORNING, EVENING = 7, 20  # hours of the company's day between which people are told


def tell_of_trouble() -> None:
    """Queue a notice for every company that has news and was not told today. Commits."""
    due = db.session.execute(_with_news()).tuples().all()
    db.session.commit()
    for connection_id, seen_until, time_zone, told_at in due:
        if _may_tell(ZoneInfo(time_zone), told_at):
            _tell(connection_id, seen_until, told_at)


def _with_news() -> Select[int, datetime, str, datetime | None]:
    """Connections whose news has gathered: id, last change, time zone, and when people were last told."""
    news = union_all(*(alert.news() for alert in ALERTS)).subquery()
    connection_id, first, last = news.c
    moment = now()
    return (
        select(connection_id, func.max(last), Company.time_zone, Connection.attention_told_at)
        .join(Connection, Connection.id == connection_id)
        .join(Company, Company.id == Connection.company_id)
        .where(Company.plan.in_(PLANS_WITH_QUICKBOOKS))
        .group_by(connection_id, Company.id, Connection.id)
        .having(or_(func.max(last) <= moment - QUIET, func.min(first) <= moment - PATIENCE))
    )


def _may_tell(zone: ZoneInfo, told_at: datetime | None) -> bool:
    local = now().astimezone(zone)
    told_today = told_at is not None and told_at.astimezone(zone).date() == local.date()
    return MORNING <= local.hour < EVENING and not told_today


def _tell(connection_id: int, seen_until: datetime, told_at: datetime | None) -> None:
    """One of several workers wins the update, and its messages are saved with it. What was mended is not told."""
    connection = db.session.get_one(Connection, connection_id, populate_existing=True)
    troubles = [trouble for alert in ALERTS if (trouble := alert.describe(connection))]
    won = rows_changed(
        update(Connection)
        .where(Connection.id == connection_id, Connection.attention_told_at.is_not_distinct_from(told_at))
        .values(attention_told_at=now() if troubles else told_at, attention_seen_until=seen_until)
        .execution_options(synchronize_session=False)
    )
    if won and troubles:
        _queue(connection, troubles)
    db.session.commit()


def _queue(connection: Connection, troubles: list[Trouble]) -> None:
    notify_later(
        connection.company,
        ATTENTION,
        "quickbooks/mail/attention",
        f"QuickBooks needs attention: {', '.join(trouble.title for trouble in troubles)}",
        event=f"quickbooks-attention:{connection.id}:{now():%Y-%m-%dT%H:%M:%S}",
        context={
            "troubles": troubles,
            "remote_name": connection.remote_name,
            "link": public_url("quickbooks.show"),
        },
    )
