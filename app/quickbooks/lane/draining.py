"""A company's lane: one worker at a time drains its outbox, wave after wave.

A wave: settle the batches that are still open, read what has to be read, write batches down, send them, settle
each answer. While all goes well, the next batches are planned and added while others are on the wire; what has to
be read or asked first ends the wave. No transaction is open while this thread waits for QuickBooks.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from enum import Enum
from functools import cached_property

from sqlalchemy import exists, or_, select

from app.extensions import db, now
from app.quickbooks import outbox
from app.quickbooks.account import company, gateway, standstill, tokens
from app.quickbooks.account.connection import fresh_connection
from app.quickbooks.api.client import Client
from app.quickbooks.api.errors import ApiError, QuotaUsedUp
from app.quickbooks.lane import balances, fences, recovery, repairs, restoration, room, troubles
from app.quickbooks.lane.facts import read_facts
from app.quickbooks.lane.lease import Lease, LeaseLost
from app.quickbooks.lane.pushing import Push
from app.quickbooks.lane.reads_blocked import put_off_the_rest
from app.quickbooks.lane.room import BATCH_SIZE
from app.quickbooks.lane.troubles import Halt
from app.quickbooks.models import Connection

log = logging.getLogger(__name__)

FACTS_LAST, FACTS_AGAIN = timedelta(days=7), timedelta(hours=1)
STUMBLE_PAUSE = timedelta(minutes=5)


class Drained(Enum):
    """How a slice ended."""

    EMPTY = "nothing is due"
    STOPPED = "it cannot go on now: a pause, a lost lease or a bug of ours"
    MORE = "more is due: ask for another slice"
    HELD = "another worker has the lane"


def drain(connection_id: int, go_on: Callable[[], bool]) -> Drained:
    """Send what is due until there is nothing left or `go_on` says no, which is asked between waves, and within
    them before anything more is planned or read.
    """
    lease = Lease(connection_id)
    if not lease.take():
        return Drained.HELD
    try:
        with lease.kept():
            return Lane(connection_id, lease, go_on).run()
    except (Halt, LeaseLost) as stop:
        log.info("QuickBooks connection %s stops: %s", connection_id, stop)
        return Drained.STOPPED
    except fences.FORESEEN:
        raise
    except Exception:
        db.session.rollback()
        log.exception("The lane of QuickBooks connection %s stumbled over a bug of ours", connection_id)
        standstill.pause(connection_id, "lane_stumbled", now() + STUMBLE_PAUSE)
        db.session.commit()
        return Drained.STOPPED
    finally:
        lease.release()


class Lane:
    """One slice of a company's sending; holds the lease it was given."""

    def __init__(self, connection_id: int, lease: Lease, go_on: Callable[[], bool]) -> None:
        self._id = connection_id
        self._lease = lease
        self._go_on = go_on
        self._may_read = True
        self._in_doubt = False

    @cached_property
    def _realm_id(self) -> str:
        """Asked once a slice: it is changed only by a disconnect (account/realm.set_aside)."""
        return db.session.scalars(select(Connection.realm_id).where(Connection.id == self._id)).one()

    def run(self) -> Drained:
        while self._go_on():
            if not self.wave() or not self._is_wanted():
                return Drained.EMPTY
        return Drained.MORE

    def _is_wanted(self) -> bool:
        """Whether another wave has anything to do: one statement in place of all that a wave asks."""
        anything = or_(
            exists().where(*outbox.due(self._id)),
            exists().where(*outbox.to_check(self._id)),
            exists().where(Connection.id == self._id, Connection.read_again_from.is_not(None)),
        )
        return bool(db.session.scalar(select(anything)))

    def wave(self) -> bool:
        """False when nothing was due. Raises Halt and LeaseLost."""
        self._wait_for_company()
        self._check_in()
        try:
            if self._may_read and not self._read_first():
                return True
            more = Push(self._id, self._realm_id, self._lease, self._go_on, self._may_read).run()
            if not more and not self._may_read:
                put_off_the_rest(self._id)
            return more
        except tokens.TokenError as error:
            troubles.of_token(self._id, error)
        except QuotaUsedUp:
            standstill.stop_reading(self._id)
            return True
        except ApiError as error:
            troubles.of_read(self._id, error)
        raise Halt("the wave was cut short")

    def _wait_for_company(self) -> None:
        """A part of a batch waits for its share of the minute, and meets more rows meanwhile. Few rows go at once:
        they take no batch.
        """
        due, pace = outbox.count_due(self._id, BATCH_SIZE), gateway.pace()
        if room.most_unbatched(pace.batches_left(self._realm_id)) < due < BATCH_SIZE:
            db.session.commit()
            pace.take_part(self._realm_id)

    def _read_first(self) -> bool:
        """What has to be read before anything is sent. False when there was no time for all of it."""
        if self._in_doubt and not restoration.read_again(self._id, self._client, self._go_on):
            return False
        if not self._settle_open_batches() or not repairs.repair_due(self._id, self._client, self._go_on):
            return False
        self._refresh_balances()
        return True

    def _check_in(self) -> None:
        """Between waves: still ours, still wanted."""
        if not self._lease.keep():
            raise LeaseLost
        connection = fresh_connection(self._id)
        if (why := standstill.why(connection)) is not None:
            raise Halt(why)
        read_at = connection.facts_read_at if company.knows_enough(connection) else None
        stale, known = read_at is None or read_at + FACTS_LAST < now(), bool(connection.facts)
        blocked, self._in_doubt = connection.reads_are_blocked(now()), connection.read_again_from is not None
        self._may_read = not blocked
        if stale and self._may_read:
            self._read_facts(known)
        if not self._may_read and (self._in_doubt or not known):
            raise Halt("QuickBooks may not be read, and nothing can be sent before")

    def _read_facts(self, known: bool) -> None:
        """What breaks us leaves the facts that we know in use, and is tried again an hour later."""
        try:
            read_facts(self._id, self._client())
        except tokens.TokenError as error:
            troubles.of_token(self._id, error)
            raise Halt("no token") from error
        except QuotaUsedUp:
            standstill.stop_reading(self._id)
            self._may_read = False
        except ApiError as error:
            troubles.of_read(self._id, error)
            raise Halt("the company cannot be read") from error
        except fences.FORESEEN:
            raise
        except Exception:
            if not known:
                raise
            db.session.rollback()
            log.exception("The QuickBooks company of connection %s cannot be understood", self._id)
            db.session.get_one(Connection, self._id).facts_read_at = now() - FACTS_LAST + FACTS_AGAIN
            db.session.commit()

    def _settle_open_batches(self) -> bool:
        """False when there was no time for all of them."""
        for batch_id in recovery.open_batches(self._id):
            recovery.check(batch_id, self._client())
            if not self._go_on():
                return False
        return True

    def _client(self) -> Client:
        return gateway.client_for(self._id, self._lease.check)

    def _refresh_balances(self) -> None:
        """Without them a push is refused as stale, and repaired."""
        try:
            balances.refresh(self._id, self._client)
        except fences.FORESEEN:
            raise
        except Exception:
            db.session.rollback()
            log.exception("The balances of connection %s cannot be read", self._id)
