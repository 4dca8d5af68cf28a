"""A company's lane: one worker at a time drains its outbox, wave after wave.

A wave: settle what is in doubt, read what has to be read, write batches down, send them, settle each answer. While
all goes well, the next batches are planned and added while others are on the wire; what has to be read or asked
first ends the wave. No transaction is open while this thread waits for QuickBooks.
"""

import logging
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from enum import Enum
from functools import partial

from app.extensions import db, now
from app.patience import patiently
from app.quickbooks import outbox
from app.quickbooks.account import company, gateway, metering, tokens
from app.quickbooks.api.client import BatchAnswer, Client
from app.quickbooks.api.errors import (
    ApiError,
    OutcomeUnknown,
    QuotaUsedUp,
    Throttled,
    Unauthorized,
    Unreachable,
)
from app.quickbooks.catalogue import Kind, entry_for
from app.quickbooks.lane import balances, fences, lookups, planning, recovery, repairs, restoration, settling
from app.quickbooks.lane.facts import read_facts
from app.quickbooks.lane.lease import Lease, LeaseLost
from app.quickbooks.lane.lookups import Found
from app.quickbooks.lane.planning import Room
from app.quickbooks.lane.sending import Flight, Outcome, Parcel
from app.quickbooks.models import Connection, ConnectionState, RecordKind
from app.quickbooks.outbox import policy

log = logging.getLogger(__name__)

FACTS_LAST, FACTS_AGAIN = timedelta(days=7), timedelta(hours=1)
STUMBLE_PAUSE = timedelta(minutes=5)
BATCHES_OUT = 6  # at once; the other threads are for plain requests
SINGLES_OUT = 32


class Drained(Enum):
    """How a slice ended."""

    EMPTY = "nothing is due"
    MORE = "more is due: ask for another slice"
    HELD = "another worker has the lane"


class Halt(Exception):
    """Nothing more may be sent for this company at present."""


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
        return Drained.EMPTY
    except fences.FORESEEN:
        raise
    except Exception:
        db.session.rollback()
        log.exception("The lane of QuickBooks connection %s stumbled over a bug of ours", connection_id)
        settling.pause(connection_id, "lane_stumbled", now() + STUMBLE_PAUSE)
        db.session.commit()
        return Drained.EMPTY
    finally:
        lease.release()


class Lane:
    """One slice of a company's sending; holds the lease it was given."""

    def __init__(self, connection_id: int, lease: Lease, go_on: Callable[[], bool]) -> None:
        self._id = connection_id
        self._lease = lease
        self._go_on = go_on
        self._may_read = True

    def run(self) -> Drained:
        while self._go_on():
            if not self.wave():
                return Drained.EMPTY
        return Drained.MORE

    def wave(self) -> bool:
        """False when nothing was due. Raises Halt and LeaseLost."""
        self._check_in()
        try:
            if self._may_read and not self._read_first():
                return True
            room = self._room()
            due = planning.candidates(self._id, room.rows, self._may_read)
            return bool(due) and self._push(due, room)
        except tokens.TokenError as error:
            self._token_trouble(error)
        except QuotaUsedUp:
            self._stop_reading()
            return True
        except ApiError as error:
            self._wire_trouble(error)
        raise Halt("the wave was cut short")

    def _read_first(self) -> bool:
        """What has to be read before anything is sent. False when there was no time for all of it."""
        if not restoration.read_again(self._id, self._client, self._go_on):
            return False
        if not self._settle_doubts() or not repairs.repair_due(self._id, self._client, self._go_on):
            return False
        self._refresh_balances()
        return True

    def _stop_reading(self) -> None:
        """The quota is used up: what needs no read goes on, the rest waits."""
        db.session.rollback()
        until = metering.blocked_until()
        log.warning("QuickBooks connection %s may not read until %s", self._id, until.isoformat())
        db.session.get_one(Connection, self._id).reads_blocked_until = until
        db.session.commit()

    def _check_in(self) -> None:
        """Between waves: still ours, still wanted."""
        if not self._lease.renew():
            raise LeaseLost
        connection = db.session.get_one(Connection, self._id, populate_existing=True)
        if (why := standstill(connection)) is not None:
            raise Halt(why)
        read_at = connection.facts_read_at if company.knows_enough(connection) else None
        stale, known = read_at is None or read_at + FACTS_LAST < now(), bool(connection.facts)
        blocked, in_doubt = connection.reads_blocked_until, connection.read_again_from is not None
        db.session.commit()
        self._may_read = blocked is None or blocked <= now()
        if stale and self._may_read:
            self._read_facts(known)
        if not self._may_read and (in_doubt or not known):
            raise Halt("QuickBooks may not be read, and nothing can be sent before")

    def _read_facts(self, known: bool) -> None:
        """What breaks us leaves the facts that we know in use, and is tried again an hour later."""
        try:
            read_facts(self._id, self._client())
        except tokens.TokenError as error:
            self._token_trouble(error)
            raise Halt("no token") from error
        except QuotaUsedUp:
            self._stop_reading()
            self._may_read = False
        except ApiError as error:
            self._wire_trouble(error)
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

    def _settle_doubts(self) -> bool:
        """False when there was no time for all of them."""
        for batch_id in recovery.open_batches(self._id):
            recovery.check(batch_id, self._client())
            if not self._go_on():
                return False
        return True

    def _client(self) -> Client:
        return gateway.client_for(self._id, self._lease.check)

    def _threaded_client(self) -> Client:
        return gateway.threaded_client_for(self._id, self._lease.check)

    def _refresh_balances(self) -> None:
        """Pages tell them, but no push depends on them."""
        try:
            balances.refresh(self._id, self._client)
        except fences.FORESEEN:
            raise
        except Exception:
            db.session.rollback()
            log.exception("The balances of connection %s cannot be read", self._id)

    def _push(self, due: list[int], room: Room) -> bool:
        """The token comes first: without one, nothing is written down that could not leave."""
        client = self._threaded_client()
        if parcels := self._plan(due, room):
            self._send(client, parcels)
            return True
        return self._anything_due()

    def _plan(self, due: list[int], room: Room) -> list[Parcel]:
        """Should something unforeseen break the plan, each row is planned alone, and the one to blame stops."""
        try:
            return self._write_batches(due, room)
        except fences.FORESEEN:
            raise
        except Exception:
            db.session.rollback()
            log.exception(
                "A wave of connection %s cannot be planned; its rows are planned one by one", self._id
            )
        parcels = []
        for task_id in due:
            with fences.stopping([task_id]):
                parcels += self._write_batches([task_id], room)
        return parcels

    def _write_batches(self, due: list[int], room: Room) -> list[Parcel]:
        """Look up what might exist, then claim, build and store. Commits."""
        found = self._look_up(planning.names_to_look_up(self._id, due))
        connection = db.session.get_one(Connection, self._id, populate_existing=True)
        wave = planning.Wave(connection, company.facts_of(connection), found)
        parcels = [Parcel.of(batch) for batch in wave.write(due, room)]
        db.session.commit()
        return parcels

    def _room(self, flight: Flight | None = None) -> Room:
        """Batches while the minute has some left; beside them plain requests, which have a budget of their own. Few
        at a time would cost a look-up each.
        """
        realm_id = db.session.get_one(Connection, self._id).realm_id
        batches = min(gateway.pace().batches_left(realm_id), BATCHES_OUT - (flight.batches if flight else 0))
        singles = SINGLES_OUT - (flight.singles if flight else 0)
        return Room(
            batches if batches >= BATCHES_OUT // 2 or not flight else 0,
            singles if singles >= SINGLES_OUT // 2 else 0,
        )

    def _look_up(self, names: planning.Names) -> dict[RecordKind, Found]:
        db.session.commit()
        if not names:
            return {}
        client = self._client()
        return {kind: lookups.find(client, kind, listed) for kind, listed in names.items()}

    def _anything_due(self) -> bool:
        due = outbox.anything_due(self._id)
        db.session.commit()
        return due

    def _send(self, client: Client, parcels: list[Parcel]) -> None:
        refused, trouble = self._send_once(client, parcels)
        if refused:
            self._send_with_new_token(refused, client.access_token)
        if trouble is not None:
            raise trouble

    def _send_with_new_token(self, parcels: list[Parcel], stale: str) -> None:
        """401 means not done: renew once and send the same requests again."""
        try:
            tokens.renew(self._id, stale)
            client = self._threaded_client()
        except tokens.TokenError:
            for parcel in parcels:
                settling.requeue_unsent(parcel.batch_id, "no token")
            raise
        still_refused, _ = self._send_once(client, parcels, top_up=False)
        for parcel in still_refused:
            settling.requeue_unsent(parcel.batch_id, "unauthorized")
        if still_refused:
            settling.ask_to_reconnect(self._id, "unauthorized")
            db.session.commit()
            raise Halt("QuickBooks refuses a new token")

    def _send_once(
        self, client: Client, parcels: list[Parcel], top_up: bool = True
    ) -> tuple[list[Parcel], Exception | None]:
        """Sends and settles, and as long as all goes well plans more meanwhile. Returns what was refused for its
        token, and what kept it from planning.
        """
        refused: list[Parcel] = []
        trouble: Exception | None = None
        with closing(Flight(client)) as flight:
            flight.add(parcels)
            while flight:
                landed = flight.landed()
                refused += [parcel for parcel, outcome in landed if isinstance(outcome, Unauthorized)]
                self._take([each for each in landed if not isinstance(each[1], Unauthorized)])
                top_up = top_up and all(parcel.is_done(outcome) for parcel, outcome in landed)
                try:
                    if top_up:
                        flight.add(self._more(flight))
                except (ApiError, tokens.TokenError, LeaseLost) as error:
                    top_up, trouble = False, error
        return refused, trouble

    def _more(self, flight: Flight) -> list[Parcel]:
        """What may join what is on the wire: nothing that has to be read first."""
        connection = db.session.get_one(Connection, self._id, populate_existing=True)
        room = self._room(flight)
        if not room.rows or not self._go_on() or standstill(connection) is not None:
            db.session.commit()
            return []
        due = planning.candidates(self._id, room.rows, self._may_read, but_repairs=True)
        return self._plan(due, room) if due else []

    def _take(self, landed: list[tuple[Parcel, Outcome]]) -> None:
        """What cannot be settled now stays open, and recovery looks it up."""
        answers = {parcel.batch_id: outcome for parcel, outcome in landed if isinstance(outcome, BatchAnswer)}
        if answers:
            self._attempt(partial(settling.settle, answers), list(answers))
        for parcel, outcome in landed:
            if parcel.batch_id not in answers:
                self._attempt(partial(self._settle, parcel, outcome), [parcel.batch_id])

    def _attempt(self, settle: Callable[[], None], batch_ids: list[int]) -> None:
        try:
            patiently(settle)
        except fences.FORESEEN:
            raise
        except Exception:
            db.session.rollback()
            log.exception("The answers to batches %s were not understood", batch_ids)

    def _settle(self, parcel: Parcel, outcome: Outcome) -> None:
        match outcome:
            case LeaseLost():
                settling.requeue_unsent(parcel.batch_id, "not sent")
            case Throttled() | Unreachable():
                settling.requeue_unsent(parcel.batch_id, "not sent", outcome.fault)
                self._pause_for(outcome)
            case OutcomeUnknown():
                settling.doubt(parcel.batch_id, now() + settling.FIRST_CHECK, outcome.fault)
            case ApiError():
                settling.refuse_whole(parcel.batch_id, outcome.fault)
            case Exception():
                log.error("Batch %s broke while it was sent", parcel.batch_id, exc_info=outcome)
                settling.doubt(parcel.batch_id, now() + settling.FIRST_CHECK)

    def _pause_for(self, error: ApiError) -> None:
        entry = entry_for(error.fault)
        pause = policy.LANE_STOPPERS.get(entry.key, policy.OUTAGE_PAUSE)
        if isinstance(error, Throttled):
            pause = timedelta(seconds=error.retry_after) if error.retry_after else policy.THROTTLE_PAUSE
        settling.pause(self._id, entry.key, now() + pause)
        db.session.commit()

    def _token_trouble(self, error: tokens.TokenError) -> None:
        db.session.rollback()
        if isinstance(error, tokens.TokenUnavailable):
            settling.pause(self._id, error.pause, now() + policy.OUTAGE_PAUSE)
            db.session.commit()

    def _wire_trouble(self, error: ApiError) -> None:
        """A read failed: nothing was sent, so no row is to blame."""
        db.session.rollback()
        entry = entry_for(error.fault)
        if isinstance(error, Unauthorized) or entry.kind is Kind.AUTHORIZATION:
            settling.ask_to_reconnect(self._id, entry.key)
            db.session.commit()
        else:
            self._pause_for(error)


def standstill(connection: Connection) -> str | None:
    """Why nothing may be sent for a connection now; None when it may."""
    if connection.state is not ConnectionState.CONNECTED:
        return f"it is {connection.state}"
    if not connection.company.plan.has_quickbooks:
        return "the plan does not include QuickBooks"
    if connection.held_at:
        return f"{connection.held_by} paused it"
    if connection.paused_until and connection.paused_until > now():
        return f"it is paused: {connection.pause_code}"
    return None
