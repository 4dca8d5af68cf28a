"""The alerts about access to QuickBooks: it is lost, or ends soon."""

from sqlalchemy import not_

from app.quickbooks.account import ending
from app.quickbooks.catalogue import problem
from app.quickbooks.models import Connection, ConnectionState, SyncTask
from app.quickbooks.notices.alert import Alert, News, Trouble, news_of
from app.quickbooks.notices.counting import Amount, amounts, in_one_phrase, number
from app.quickbooks.outbox import switches
from app.quickbooks.outbox.states import IN_PROGRESS


def _reconnect_news() -> News:
    needed = Connection.state == ConnectionState.RECONNECT_NEEDED
    return news_of(Connection.reconnect_needed_at, needed).group_by(Connection.id)


def _reconnect(connection: Connection) -> Trouble | None:
    if connection.state is not ConnectionState.RECONNECT_NEEDED:
        return None
    sentence, remedy = problem("reconnect_needed").words()
    waiting = amounts(connection, SyncTask.state.in_(IN_PROGRESS), not_(switches.holds(connection.id)))
    return Trouble("reconnect needed", f"{sentence} {_waiting(waiting)}".strip(), remedy)


def _ending_news() -> News:
    connected = Connection.state == ConnectionState.CONNECTED
    return news_of(ending.warned_at(), connected).group_by(Connection.id)


def _ending(connection: Connection) -> Trouble | None:
    warning = ending.warning(connection)
    if connection.state is not ConnectionState.CONNECTED or warning is None:
        return None
    return Trouble("access ends soon", *warning)


def _waiting(waiting: list[Amount]) -> str:
    waits = "waits" if number(waiting) == 1 else "wait"
    return f"Until then nothing goes: {in_one_phrase(waiting)} {waits}." if waiting else ""


RECONNECT_NEEDED = Alert(_reconnect_news, _reconnect)
ENDS_SOON = Alert(_ending_news, _ending)
