"""A tie-out's work, step by step."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert

from app.extensions import db, now
from app.quickbooks.account.gateway import client_for
from app.quickbooks.api.client import Client
from app.quickbooks.checks import daily, findings
from app.quickbooks.checks.books import Books
from app.quickbooks.kinds.comparison import number_key
from app.quickbooks.lane.reading import Absence, by_id
from app.quickbooks.models import Connection, RecordKind
from app.quickbooks.models.runs import RunState
from app.quickbooks.tie_out import reading, verdicts
from app.quickbooks.tie_out.life import TIE_OUTS
from app.quickbooks.tie_out.models import TieOut, TieOutLine
from app.quickbooks.tie_out.reading import IDS_AT_ONCE

CHUNK = 500  # invoices of ours that are compared in one transaction


@dataclass(frozen=True)
class Place:
    """How far a run has come."""

    next_start: int | None
    compared_to: int
    expected: int


@dataclass(frozen=True)
class Work:
    """One request or one chunk a step; what was done is in the database, so anybody can take the next step.

    No transaction is open while QuickBooks is asked. Raises Superseded, TokenError and ApiError.
    """

    tie_out_id: int
    connection_id: int
    client: Client
    page_size: int

    @classmethod
    def on(cls, tie_out_id: int, page_size: int) -> Work:
        TIE_OUTS.while_running(tie_out_id)
        connection_id = db.session.get_one(TieOut, tie_out_id).connection_id
        db.session.commit()
        return cls(tie_out_id, connection_id, client_for(connection_id), page_size)

    def step(self) -> bool:
        """True when that was the last."""
        TIE_OUTS.while_running(self.tie_out_id)
        tie_out = db.session.get_one(TieOut, self.tie_out_id, populate_existing=True)
        place = Place(tie_out.next_start, tie_out.compared_to, tie_out.expected)
        db.session.commit()
        start = place.next_start
        if start is None:
            return self._compare(place)
        if start == 1 and not place.expected:
            daily.check_the_rest(self.connection_id, self.client)
            place = replace(place, expected=reading.count(self.client))
            self._advance(place, expected=place.expected)
            db.session.commit()
        self._read(place, start)
        return False

    def _read(self, place: Place, start: int) -> None:
        page = reading.page(self.client, start, self.page_size)
        full = len(page) == self.page_size
        self._advance(place, next_start=start + self.page_size if full else None)
        reading.keep(self.tie_out_id, page)
        read = reading.how_many(self.tie_out_id)
        TIE_OUTS.while_running(self.tie_out_id, read=read, expected=max(read, place.expected))
        db.session.commit()

    def _compare(self, place: Place) -> bool:
        connection = db.session.get_one(Connection, self.connection_id)
        chunk = verdicts.compare(connection, self.tie_out_id, place.compared_to, CHUNK)
        if not chunk:
            self._finish(connection)
            return True
        if doubtful := [one for one in chunk if one.is_doubtful]:
            ids = [one.link.remote_id for one in doubtful if one.link]
            numbers = {number_key(one.invoice.number) for one in doubtful}
            db.session.commit()
            self._look_again(ids, numbers)
            chunk = verdicts.compare(connection, self.tie_out_id, place.compared_to, len(chunk))
        self._advance(place, compared_to=chunk[-1].invoice.id)
        db.session.execute(insert(TieOutLine), [one.as_row(self.tie_out_id) for one in chunk])
        db.session.commit()
        return False

    def _look_again(self, remote_ids: Sequence[str], numbers: Collection[str]) -> None:
        """Ask for these anew, and say on the rows of our records what differs or is surely gone. Commits."""
        kind = RecordKind.INVOICE
        for start in range(0, len(remote_ids), IDS_AT_ONCE):
            asked, began = remote_ids[start : start + IDS_AT_ONCE], now()
            present = {record["Id"]: record for record in reading.again(self.client, asked)}
            missed = by_id(self.client, kind, [id_ for id_ in asked if id_ not in present])
            present |= {id_: found for id_, found in missed.items() if found is not Absence.GONE}
            reading.forget(self.tie_out_id, asked)
            reading.keep(self.tie_out_id, present.values())
            db.session.commit()
            gone = frozenset(missed) - present.keys()
            counted = reading.numbers(self.tie_out_id, numbers)
            books = Books(began, {kind: present}, {kind: gone}, is_whole=False, numbers=counted)
            findings.note(self.connection_id, books)

    def _advance(self, place: Place, **values: Any) -> None:
        """Only from where this step began: of two workers one goes on. The caller commits, and until then the other
        waits.
        """
        unmoved = (
            TieOut.next_start.is_not_distinct_from(place.next_start),
            TieOut.compared_to == place.compared_to,
        )
        TIE_OUTS.while_running(self.tie_out_id, *unmoved, **values)

    def _finish(self, connection: Connection) -> None:
        read = reading.how_many(self.tie_out_id)
        made_there = verdicts.made_there(connection, self.tie_out_id)
        TIE_OUTS.end(self.tie_out_id, RunState.DONE, read=read, expected=read, made_there=made_there)
        reading.done_with(self.tie_out_id)
        TIE_OUTS.forget_older(connection.id)
        db.session.commit()
