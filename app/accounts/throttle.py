"""Guessing at one account is slowed down, whatever addresses it comes from and whatever became of Redis.

A try is counted before it is looked at, in one statement, so that a hundred at once are a hundred tries. The first
five wait for nothing, then the pauses grow to a quarter of an hour. They never grow further, a day without a try
forgets them, and the link for a new password is a way on meanwhile. Unknown addresses are counted too: the answer
tells nobody whether there is an account.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil

from sqlalchemy import case, delete
from sqlalchemy.dialects.postgresql import insert

from app.accounts.models import TryCount
from app.extensions import db, now, rows_changed

FREE_TRIES = 5
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15))
FORGOTTEN_AFTER = timedelta(days=1)


class TooManyTries(Exception):
    """`minutes` from now the next try is looked at."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"not before {until}")
        self.minutes = ceil((until - now()) / timedelta(minutes=1))


def count_try(account: str) -> None:
    """Commits, so that whoever cuts the request short has tried all the same. Raises TooManyTries."""
    key, moment = _key(account), now()
    fresh = insert(TryCount).values(key=key, count=1, last_at=moment, next_at=moment)
    is_forgotten = TryCount.last_at < moment - FORGOTTEN_AFTER
    count = case((is_forgotten, 1), else_=TryCount.count + 1)
    pause = case(
        (is_forgotten, timedelta(0)),
        *(
            (TryCount.count + 1 < FREE_TRIES + place, pause)
            for place, pause in enumerate((timedelta(0), *PAUSES))
        ),
        else_=PAUSES[-1],
    )
    counted = fresh.on_conflict_do_update(
        index_elements=[TryCount.key],
        set_={"count": count, "last_at": moment, "next_at": moment + pause},
        where=TryCount.next_at <= moment,
    ).returning(TryCount.count)
    is_counted = db.session.scalar(counted)
    until = None if is_counted else db.session.get_one(TryCount, key, populate_existing=True).next_at
    db.session.commit()
    if until:
        raise TooManyTries(until)


def forgive(account: str) -> None:
    """It was the right person. The caller commits."""
    db.session.execute(delete(TryCount).where(TryCount.key == _key(account)))


def forget_old() -> int:
    """Commits."""
    old = delete(TryCount).where(TryCount.last_at < now() - FORGOTTEN_AFTER)
    count = rows_changed(old)
    db.session.commit()
    return count


def _key(account: str) -> str:
    return sha256(account.lower().encode()).hexdigest()
