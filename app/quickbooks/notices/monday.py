"""What keeps the Monday letter from being an all-clear, though it is no news on the other days."""

from collections.abc import Callable

from sqlalchemy import not_

from app.lib.money import shown
from app.quickbooks.models import Connection, ConnectionState, RecordKind, SyncTask, TaskState
from app.quickbooks.notices.alert import Trouble
from app.quickbooks.notices.counting import Amount, amounts, in_one_phrase, number
from app.quickbooks.outbox import invoice_counts, switches
from app.quickbooks.outbox.states import IN_PROGRESS


def _paused_on_purpose(connection: Connection) -> Trouble | None:
    """What waits until somebody starts the sending again. Who paused it knows."""
    if connection.state is not ConnectionState.CONNECTED or connection.held_at is None:
        return None
    waiting = _waiting(connection, *IN_PROGRESS, TaskState.BACKOFF)
    if not waiting:
        return None
    sentence = f"Sending is paused by {connection.held_by}. Waiting: {in_one_phrase(waiting)}."
    return Trouble("sending is paused", sentence, "An Owner starts it on the QuickBooks page.")


def _tried_again(connection: Connection) -> Trouble | None:
    """While anything is sent at all; otherwise that is the trouble."""
    if connection.state is not ConnectionState.CONNECTED or connection.held_at:
        return None
    waiting = _waiting(connection, TaskState.BACKOFF)
    if not waiting:
        return None
    records = "1 record is" if number(waiting) == 1 else f"{number(waiting):,} records are"
    sentence = f"Not in QuickBooks as here: {in_one_phrase(waiting)}."
    remedy = "The QuickBooks page says what happened and when the next try is."
    return Trouble(f"{records} tried again", sentence, remedy)


def _never_sent(connection: Connection) -> Trouble | None:
    """Where invoices are switched off that is what was wanted."""
    unsent = invoice_counts.counts(connection).unsent
    if not unsent.count or switches.is_off(connection, RecordKind.INVOICE):
        return None
    money, is_one = shown(unsent.total, connection.company.currency.symbol), unsent.count == 1
    title = f"{unsent.count:,} {'invoice was' if is_one else 'invoices were'} never sent"
    sentence = f"{'It is' if is_one else 'They are'} not sent unless somebody says so: {money}."
    remedy = (
        f"Send {'it' if is_one else 'them'} or leave {'it' if is_one else 'them'} out on the QuickBooks page."
    )
    return Trouble(title, sentence, remedy)


def _waiting(connection: Connection, *states: TaskState) -> list[Amount]:
    """But for what waits for a switch."""
    return amounts(connection, SyncTask.state.in_(states), not_(switches.holds(connection.id)))


LEFT_TO_DO: tuple[Callable[[Connection], Trouble | None], ...] = (
    _paused_on_purpose,
    _tried_again,
    _never_sent,
)
