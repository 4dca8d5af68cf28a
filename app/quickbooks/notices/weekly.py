"""The weekly all-clear, on Monday morning: what went, how the month so far compares, and nothing to do.

When there is something to do it says so: a silent Monday would leave people guessing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select

from app.accounts.models import PLANS_WITH_QUICKBOOKS, Company
from app.extensions import db, now
from app.lib.money import shown
from app.mail.models import Message
from app.notifications.choices import people_for
from app.notifications.sending import notify_later
from app.quickbooks.models import LIVE, Connection, ConnectionState, RemoteLink, SyncTask
from app.quickbooks.models.links import WRITTEN
from app.quickbooks.notices import WEEKLY
from app.quickbooks.notices.alerts import ALERTS
from app.quickbooks.notices.counting import amounts, in_one_phrase
from app.quickbooks.notices.monday import LEFT_TO_DO
from app.quickbooks.tie_out import report, runs
from app.quickbooks.tie_out.life import TIE_OUTS
from app.quickbooks.tie_out.models import TieOut
from app.web.public_url import public_url

MONDAY = 0
MORNING, NOON = 7, 12  # hours of the company's Monday in which it is sent
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class MonthSoFar:
    """How the current month compares; `is_well` when it ties, or what differs was left out or not sent."""

    sentence: str
    is_well: bool


def tell_of_the_week() -> None:
    """Queue the message of every company whose Monday it is; compare its books first. Commits."""
    zones = [
        zone for zone in db.session.scalars(select(Company.time_zone).distinct()) if _is_time(_local(zone))
    ]
    due = db.session.scalars(
        select(Connection)
        .join(Connection.company)
        .where(
            Company.time_zone.in_(zones),
            Company.plan.in_(PLANS_WITH_QUICKBOOKS),
            LIVE,
        )
    ).all()
    for connection in due:
        _tell(connection)
        db.session.commit()


def _is_time(local: datetime) -> bool:
    return local.weekday() == MONDAY and MORNING <= local.hour < NOON


def _tell(connection: Connection) -> None:
    today = _local(connection.company.time_zone).date()
    event = f"quickbooks-weekly:{connection.id}:{today}"
    if db.session.scalar(select(exists().where(Message.event == event))):
        return
    if not people_for(connection.company_id, WEEKLY) or not _is_compared(connection, today):
        return
    _queue(connection, today, event)


def _is_compared(connection: Connection, today: date) -> bool:
    """Whether today's tie-out has ended, well or not; starts it if nobody has. Without access there is none."""
    if connection.state is not ConnectionState.CONNECTED:
        return True
    latest = TIE_OUTS.newest(connection)
    if latest is None or _day(connection, latest.started_at) != today:
        runs.start(connection)
        return False
    return not latest.is_under_way


def _queue(connection: Connection, today: date, event: str) -> None:
    describers = (*(alert.describe for alert in ALERTS), *LEFT_TO_DO)
    troubles = [trouble for describe in describers if (trouble := describe(connection))]
    month = _month_so_far(connection, today)
    is_clear = not troubles and month.is_well
    words = ", ".join(trouble.title for trouble in troubles) or "the books do not agree"
    notify_later(
        connection.company,
        WEEKLY,
        "quickbooks/mail/weekly",
        "QuickBooks: all clear this week" if is_clear else f"QuickBooks this week: {words}",
        event=event,
        context={
            "is_clear": is_clear,
            "went": _went(connection),
            "month": month,
            "troubles": troubles,
            "link": public_url("quickbooks.tie_out" if is_clear else "quickbooks.show"),
        },
    )


def _went(connection: Connection) -> str:
    pushed = exists().where(
        RemoteLink.connection_id == SyncTask.connection_id,
        RemoteLink.kind == SyncTask.kind,
        RemoteLink.record_id == SyncTask.record_id,
        RemoteLink.pushed_at > now() - WEEK,
        WRITTEN,
    )
    found = amounts(connection, pushed)
    return f"{in_one_phrase(found)} went to QuickBooks." if found else "Nothing went to QuickBooks."


def _month_so_far(connection: Connection, today: date) -> MonthSoFar:
    done = TIE_OUTS.newest_done(connection)
    if done is None or _day(connection, done.started_at) != today:
        return MonthSoFar("The books could not be compared this morning.", is_well=False)
    return _compared(connection, done, today)


def _compared(connection: Connection, done: TieOut, today: date) -> MonthSoFar:
    first = today.replace(day=1)
    month = next((one for one in report.months(done) if one.first == first and one.all.count), None)
    name = f"{today:%B %Y} so far"
    if month is None:
        return MonthSoFar(f"{name}: no invoice that syncs.", is_well=True)
    symbol = connection.company.currency.symbol
    here, there = shown(month.all.here, symbol), shown(month.all.there, symbol)
    invoices = f"{month.all.count:,} invoice{'' if month.all.count == 1 else 's'}"
    if month.ties:
        return MonthSoFar(f"{name}: {invoices}, {here} here and in QuickBooks. It ties to the cent.", True)
    sides = f"{name}: {invoices}, {here} here, {there} in QuickBooks."
    if month.is_explained:
        return MonthSoFar(f"{sides} The difference was left out or not sent.", True)
    return MonthSoFar(f"{sides} It does not tie; Tie-out shows which invoices.", False)


def _day(connection: Connection, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(connection.company.time_zone)).date()


def _local(time_zone: str) -> datetime:
    return now().astimezone(ZoneInfo(time_zone))
