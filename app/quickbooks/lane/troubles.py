"""What a failed call or a missing token means: the company pauses, a person has to reconnect, or some rows stop."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select

from app.extensions import db, now
from app.quickbooks.account import standstill, tokens
from app.quickbooks.api.errors import ApiError, Refused, Throttled, Unauthorized
from app.quickbooks.catalogue import RefusalKind, entry_for
from app.quickbooks.kinds.records import name_of, records_of
from app.quickbooks.lane import reading
from app.quickbooks.models import SyncTask
from app.quickbooks.outbox import outcomes, policy
from app.quickbooks.outbox.states import ASLEEP

TOKEN_PAUSES = {"authorization_doubtful": tokens.CONFIRM_AFTER}  # no one asks Intuit before


class Halt(Exception):
    """Nothing more may be sent for this company at present."""


def of_token(connection_id: int, error: tokens.TokenError) -> None:
    """A refused one has been noted already where it was asked for. Commits."""
    db.session.rollback()
    if isinstance(error, tokens.TokenUnavailable):
        pause = TOKEN_PAUSES.get(error.key, policy.OUTAGE_PAUSE)
        standstill.pause(connection_id, error.key, now() + pause)
        db.session.commit()


def of_read(connection_id: int, error: ApiError) -> None:
    """Nothing was sent, so no row is to blame. Commits."""
    db.session.rollback()
    entry = entry_for(error.fault)
    if isinstance(error, Unauthorized) or entry.kind is RefusalKind.AUTHORIZATION:
        standstill.ask_to_reconnect(connection_id, entry.key)
        db.session.commit()
    else:
        pause_for(connection_id, error)


def is_for_a_person(error: Refused) -> bool:
    """QuickBooks refuses this question until somebody changes something there; others it answers."""
    return entry_for(error.fault).kind is RefusalKind.PERSON and not reading.is_the_companys(error)


def of_look_up(connection_id: int, task_ids: Collection[int], error: Refused) -> None:
    """QuickBooks refuses to tell whether it has these, so they may not be created: a person is asked, and the
    others go on. What somebody else holds comes again. Commits.
    """
    for task, name in _locked(connection_id, task_ids):
        outcomes.park(task, entry_for(error.fault), name, detail=error.fault.text)
    db.session.commit()


def of_silence(connection_id: int, task_ids: Collection[int]) -> None:
    """Nothing can be learned of what these were linked with: it is asked again later, and not for ever. Commits."""
    for task, name in _locked(connection_id, task_ids):
        outcomes.read_later(task, name)
    db.session.commit()


def _locked(connection_id: int, task_ids: Collection[int]) -> list[tuple[SyncTask, str]]:
    """Those of the rows that are due or wait for it, and what their records are called."""
    tasks = db.session.scalars(
        select(SyncTask)
        .where(SyncTask.id.in_(task_ids), SyncTask.state.in_(ASLEEP))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    records = records_of(tasks)
    return [(task, name_of(records.get((task.kind, task.record_id)), task.kind)) for task in tasks]


def pause_for(connection_id: int, error: ApiError) -> None:
    """As long as QuickBooks asks for, else as the policy says. Commits."""
    entry = entry_for(error.fault)
    pause = policy.LANE_STOPPERS.get(entry.key, policy.OUTAGE_PAUSE)
    if isinstance(error, Throttled):
        pause = timedelta(seconds=error.retry_after) if error.retry_after else policy.THROTTLE_PAUSE
    standstill.pause(connection_id, entry.key, now() + pause)
    db.session.commit()
