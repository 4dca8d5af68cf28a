"""One part of the backlog after the other is planned by the lane itself (lane/planning.py), in a transaction that
is rolled back.
"""

import logging
from collections.abc import Callable, Sequence

from sqlalchemy import select

from app.extensions import db
from app.quickbooks import outbox
from app.quickbooks.account import company
from app.quickbooks.api.client import Client
from app.quickbooks.kinds.needs import Key
from app.quickbooks.kinds.records import Shelf
from app.quickbooks.lane import choosing, fences
from app.quickbooks.lane.asking import Asking
from app.quickbooks.lane.choosing import NEEDS_NO_REPAIR
from app.quickbooks.lane.planning import Wave
from app.quickbooks.lane.repairs import STALE
from app.quickbooks.lane.room import Room
from app.quickbooks.models import Connection, SyncTask
from app.quickbooks.rehearsal import foreseen, scene
from app.quickbooks.rehearsal.foreseen import Foreseen
from app.quickbooks.rehearsal.pretended import CUSTOMER, Pretended, name_there

log = logging.getLogger(__name__)

MOST_WAVES = 12


class Stage:
    """Keeps from part to part what QuickBooks was found to have, and what it would have by now."""

    def __init__(self, connection_id: int, client: Callable[[], Client]) -> None:
        self._connection_id, self._client = connection_id, client
        self._there = Pretended(connection_id)
        self._unlearned: set[Key] = set()  # of this part: QuickBooks does not tell, and has to be asked again

    def act(self, keys: Sequence[Key]) -> list[Foreseen]:
        """Ends every transaction that it opens, and leaves nothing behind. Raises ApiError and TokenError."""
        self._look_up(keys)
        try:
            return self._plan(keys)
        except fences.FORESEEN:
            raise
        except Exception:
            log.exception("A rehearsal of connection %s broke off at %s", self._connection_id, keys)
            if len(keys) > 1:
                db.session.rollback()
                return [one for key in keys for one in self.act([key])]
            return [foreseen.unforeseen(keys[0])]
        finally:
            db.session.rollback()

    def _look_up(self, keys: Sequence[Key]) -> None:
        """Ask for what is new, as the lane would, and keep the answers."""
        try:
            key_of = {task.id: (task.kind, task.record_id) for task in scene.set_up(self._connection(), keys)}
            new = choosing.new_ones(list(key_of))
        finally:
            db.session.rollback()
        asking = Asking(self._connection_id, self._client, may_read=True)
        names = self._there.unknown(asking.names(new, may_catch_up=True))
        told = asking.ask(names, new)
        if told.refused:
            raise told.refused[0][1]
        self._there.learn(told.found)
        self._unlearned = {key_of[task_id] for task_id in told.unlearned}

    def _plan(self, keys: Sequence[Key]) -> list[Foreseen]:
        connection = self._connection()
        tasks = scene.set_up(connection, keys)
        mine = {task.id for task in tasks}
        newest = max(mine)
        for task in tasks:
            if (task.kind, task.record_id) in self._unlearned:
                task.problem = STALE
        self._there.bring_in(tasks)
        for _ in range(MOST_WAVES):
            due = self._due(mine, newest)
            if not due:
                break
            wave = Wave(connection, company.facts_of(connection), self._there.found)
            self._there.take(wave.write(due, Room(batches=len(due), singles=0)))
        return foreseen.of_rows(self._connection_id, scene.outcomes(connection, keys))

    def _due(self, mine: set[int], newest: int) -> list[int]:
        """Of this part, or put into the outbox for it. Customers of one name go one after the other."""
        rows = db.session.scalars(
            select(SyncTask)
            .where(
                *outbox.due(self._connection_id),
                NEEDS_NO_REPAIR,
                SyncTask.id.in_(mine) | (SyncTask.id > newest),
            )
            .order_by(choosing.ORDER, SyncTask.id)
        ).all()
        shelf = Shelf.load(self._connection_id, [row for row in rows if row.kind is CUSTOMER])
        names: set[str] = set()
        due = []
        for row in rows:
            record = shelf.record(row)
            if record is not None:
                name = name_there(record, row)
                if name in names:
                    continue
                names.add(name)
            due.append(row.id)
        return due

    def _connection(self) -> Connection:
        return db.session.get_one(Connection, self._connection_id)
