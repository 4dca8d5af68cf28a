"""What a wave sends: rows are planned, written down and put on the wire, and more join them while all goes well."""

import logging
from collections.abc import Callable
from contextlib import closing

from app.extensions import among, db
from app.quickbooks import outbox
from app.quickbooks.account import access, company, gateway, standstill, tokens
from app.quickbooks.account.connection import fresh_connection
from app.quickbooks.api.client import Client
from app.quickbooks.api.errors import ApiError, Unauthorized
from app.quickbooks.lane import choosing, fences, known, landing, planning, reads_blocked, room
from app.quickbooks.lane.asking import Asking
from app.quickbooks.lane.lease import Lease, LeaseLost
from app.quickbooks.lane.room import Room
from app.quickbooks.lane.sending import Flight, Parcel
from app.quickbooks.lane.troubles import Halt
from app.quickbooks.models import AttemptOutcome, RecordKind, SyncTask

log = logging.getLogger(__name__)


class Push:
    """One wave's sending under the lease of its lane."""

    def __init__(
        self, connection_id: int, realm_id: str, lease: Lease, go_on: Callable[[], bool], may_read: bool
    ) -> None:
        self._id = connection_id
        self._realm_id = realm_id
        self._lease = lease
        self._go_on = go_on
        self._may_read = may_read

    def run(self) -> bool:
        """False when nothing was due. The token comes first: without one, nothing is written down that could not
        leave. Raises ApiError, TokenError, Halt and LeaseLost.
        """
        space = self._room()
        due = choosing.candidates(self._id, space.rows, self._may_go())
        if not due:
            return False
        client = self._client()
        if parcels := self._plan(due, space):
            self._send(client, parcels)
            return True
        if self._may_read:
            return choosing.anything_due(self._id)
        return bool(choosing.candidates(self._id, space.rows, self._may_go()))

    def _plan(self, due: list[int], space: Room, joins: bool = False) -> list[Parcel]:
        """Should something unforeseen break the plan, each row is planned alone, and the one to blame stops."""
        try:
            return self._write_batches(due, space, joins)
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
                parcels += self._write_batches([task_id], space, joins)
        return parcels

    def _write_batches(self, due: list[int], space: Room, joins: bool) -> list[Parcel]:
        """Look up what might exist, then claim, build and store. Commits. What joins others waits where the list is
        behind: webhooks told of what these others are making.
        """
        new = choosing.new_ones(due)
        asking = Asking(self._id, self._reader, self._may_read)
        names = asking.names(new, may_catch_up=not joins)
        behind = set(names) if not self._may_read else known.kinds_behind(self._id, names) if joins else set()
        if behind:
            waiting = {one.task_id for one in new if one.kind in behind and one.name in names[one.kind]}
            due = [task_id for task_id in due if task_id not in waiting]
            names = {kind: listed for kind, listed in names.items() if kind not in behind}
            if not self._may_read:
                reads_blocked.put_off(self._id, among(SyncTask.id, waiting))
        told = asking.ask(names, new)
        untold = asking.stop_untold(told)
        due = [task_id for task_id in due if task_id not in untold]
        connection = fresh_connection(self._id)
        wave = planning.Wave(connection, company.facts_of(connection), told.found)
        parcels = [Parcel.of(batch) for batch in wave.write(due, space)]
        db.session.commit()
        return parcels

    def _room(self, flight: Flight | None = None) -> Room:
        """Batches that are out may still wait for their turn in the minute, so all of them are taken for that."""
        due, left = outbox.count_due(self._id, room.ENOUGH), gateway.pace().batches_left(self._realm_id)
        if flight is None:
            return room.to_begin(due, left)
        return room.to_join(due, max(left - flight.batches, 0), flight.batches, flight.singles)

    def _may_go(self) -> set[RecordKind] | None:
        """Kinds of which new records may go while nothing may be read; None while it may."""
        return None if self._may_read else reads_blocked.may_go(self._id)

    def _send(self, client: Client, parcels: list[Parcel]) -> None:
        refused, trouble = self._send_once(client, parcels)
        if refused:
            self._send_with_new_token(refused, client.access_token)
        if trouble is not None:
            raise trouble

    def _send_with_new_token(self, parcels: list[Parcel], stale: str) -> None:
        """401 means not done: renew once and send the same requests again."""
        try:
            access.renew(self._id, stale)
            client = self._client()
        except tokens.TokenError:
            for parcel in parcels:
                landing.requeue_unsent(parcel.batch_id, AttemptOutcome.NO_TOKEN)
            raise
        still_refused, _ = self._send_once(client, parcels, top_up=False)
        for parcel in still_refused:
            landing.requeue_unsent(parcel.batch_id, AttemptOutcome.UNAUTHORIZED)
        if still_refused:
            standstill.ask_to_reconnect(self._id, "unauthorized")
            db.session.commit()
            raise Halt("QuickBooks refuses a new token")

    def _send_once(
        self, client: Client, parcels: list[Parcel], top_up: bool = True
    ) -> tuple[list[Parcel], Exception | None]:
        """Sends and settles, and plans more meanwhile as long as all goes well. Returns what was refused for its
        token, and what kept it from planning.
        """
        refused: list[Parcel] = []
        trouble: Exception | None = None
        with closing(Flight(client)) as flight:
            flight.add(parcels)
            while flight:
                landed = flight.landed()
                refused += [parcel for parcel, outcome in landed if isinstance(outcome, Unauthorized)]
                landing.take(self._id, [each for each in landed if not isinstance(each[1], Unauthorized)])
                top_up = top_up and all(parcel.is_done(outcome) for parcel, outcome in landed)
                try:
                    if top_up:
                        flight.add(self._more(flight))
                except (ApiError, tokens.TokenError, LeaseLost) as error:
                    top_up, trouble = False, error
        return refused, trouble

    def _more(self, flight: Flight) -> list[Parcel]:
        """What may join what is on the wire: nothing that has to be read first."""
        space = self._room(flight)
        if not space.rows or not self._go_on() or standstill.why(fresh_connection(self._id)) is not None:
            db.session.commit()
            return []
        due = choosing.candidates(self._id, space.rows, self._may_go(), but_repairs=True)
        return self._plan(due, space, joins=True) if due else []

    def _reader(self) -> Client:
        return gateway.client_for(self._id, self._lease.check)

    def _client(self) -> Client:
        return gateway.threaded_client_for(self._id, self._lease.check)
