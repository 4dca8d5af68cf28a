"""The alert that records stopped and wait for a person."""

from app.quickbooks.models import Connection, SyncTask
from app.quickbooks.notices.alert import Alert, News, Trouble, news_of
from app.quickbooks.notices.counting import amounts, in_one_phrase, number, reasons
from app.quickbooks.outbox.states import FOLLOWS, NEEDS_SOMEBODY


def _news() -> News:
    joined = news_of(SyncTask.failed_at, NEEDS_SOMEBODY)
    return joined.join(SyncTask, SyncTask.connection_id == Connection.id).group_by(Connection.id)


def _describe(connection: Connection) -> Trouble | None:
    found = amounts(connection, NEEDS_SOMEBODY)
    if not found:
        return None
    count, behind = number(found), number(amounts(connection, FOLLOWS))
    follow = f" {behind:,} more {'follows by itself' if behind == 1 else 'follow by themselves'}."
    return Trouble(
        f"{count:,} {'record' if count == 1 else 'records'} stopped",
        f"Not in QuickBooks as here: {in_one_phrase(found)}. Nothing of it is sent again without you."
        f"{follow if behind else ''}",
        "Each says what to do about it on the QuickBooks page.",
        tuple(reasons(connection)),
    )


RECORDS_STOPPED = Alert(_news, _describe)
