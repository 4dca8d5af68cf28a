"""A rehearsal's work: the backlog is read and played through in parts, and each part is told as it is done."""

from collections.abc import Callable, Iterable
from functools import partial

from sqlalchemy import insert

from app.extensions import db
from app.quickbooks.account import company
from app.quickbooks.account.gateway import client_for
from app.quickbooks.api.client import Client
from app.quickbooks.kinds.needs import Key
from app.quickbooks.lane.facts import read_facts
from app.quickbooks.matching import directory
from app.quickbooks.models import Connection
from app.quickbooks.models.runs import RunState
from app.quickbooks.rehearsal import scene
from app.quickbooks.rehearsal.acting import Stage
from app.quickbooks.rehearsal.foreseen import Foreseen
from app.quickbooks.rehearsal.life import REHEARSALS
from app.quickbooks.rehearsal.models import Rehearsal, RehearsalLine

PART = 200  # records that are planned in one transaction, for some seconds at most


def play(rehearsal_id: int) -> None:
    """All of it. Commits. Raises Superseded, TokenError and ApiError."""
    _advance(rehearsal_id)
    connection_id = db.session.get_one(Rehearsal, rehearsal_id).connection_id
    client = partial(client_for, connection_id)
    keys = _prepare(connection_id, client)
    _advance(rehearsal_id, expected=len(keys))
    stage = Stage(connection_id, client)
    for start in range(0, len(keys), PART):
        part = keys[start : start + PART]
        foreseen = stage.act(part)
        _keep(rehearsal_id, foreseen)
        _advance(rehearsal_id, done=start + len(part))
    REHEARSALS.end(rehearsal_id, RunState.DONE)
    REHEARSALS.forget_older(connection_id)
    db.session.commit()


def _prepare(connection_id: int, client: Callable[[], Client]) -> list[Key]:
    """What the lane would read before it sends anything is read now."""
    connection = db.session.get_one(Connection, connection_id)
    knows, read_at = company.knows_enough(connection) and bool(connection.facts), connection.customers_read_at
    db.session.commit()
    if not knows:
        read_facts(connection_id, client())
    keys = scene.whole_backlog(db.session.get_one(Connection, connection_id))
    db.session.commit()
    if read_at is None and keys:
        directory.read(connection_id, client())
    return keys


def _keep(rehearsal_id: int, foreseen: Iterable[Foreseen]) -> None:
    rows = [
        {
            "rehearsal_id": rehearsal_id,
            "kind": one.key[0],
            "record_id": one.key[1],
            "name": one.name,
            "amount": one.amount,
            "fate": one.fate,
            "problem": one.problem,
            "message": one.message,
            "remedy": one.remedy,
        }
        for one in foreseen
    ]
    if rows:
        db.session.execute(insert(RehearsalLine), rows)


def _advance(rehearsal_id: int, **values: int) -> None:
    """Commits."""
    REHEARSALS.while_running(rehearsal_id, **values)
    db.session.commit()
