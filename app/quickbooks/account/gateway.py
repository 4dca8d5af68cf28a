"""A client for a connection: its realm, its token, its pace, and one renewal when the token is refused."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import current_app

from app.quickbooks.account import access, metering, page_reads, standstill, tokens
from app.quickbooks.api.client import Client
from app.quickbooks.api.errors import ApiError, NoTurn, QuotaUsedUp, Throttled, Unauthorized
from app.quickbooks.api.pace import Pace
from app.quickbooks.api.transport import Answer, Transport
from app.quickbooks.catalogue import entry_for
from app.quickbooks.catalogue.keys import COMPANY_RESET
from app.quickbooks.models import Connection

PAGE_SECONDS = 8  # for a turn, and again for the answer
IMPATIENT = {"patience": PAGE_SECONDS, "read_seconds": PAGE_SECONDS}

Gate = Callable[[], None]  # raises when nothing may leave any more


def pace() -> Pace:
    return current_app.extensions["quickbooks_pace"]


def always_open() -> None: ...


class PacedTransport(Transport):
    """Keeps every request within the realm's limits, whoever makes it, and counts reads.

    The first throttle is taken for the one-second limit: the realm waits BREATH and the request is sent again under
    the same request id. The next one is taken for the minute's limit and raised as Throttled. One that says how
    long to wait is raised at once, and so is NoTurn, which is no throttle of QuickBooks'. A read that would be
    raised so when the month's reads are used up is refused for that, whatever the refusal says: nobody has seen
    its words (contract section 3.1).

    Safe for the lane's threads: they only write, and a write touches no database.
    """

    def __init__(
        self, *args: Any, pace: Pace, gate: Gate, patience: float = math.inf, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._pace, self._gate, self._patience = pace, gate, patience

    def request(self, method: str, path: str, **options: Any) -> Answer:
        breath_taken = False
        while True:
            try:
                return self._request(method, path, **options)
            except (QuotaUsedUp, NoTurn):
                raise
            except Throttled as error:
                if breath_taken or error.retry_after:
                    if metering.is_read(method, path) and metering.is_used_up():
                        raise QuotaUsedUp(error.fault) from error
                    raise
            self._pace.take_breath(self.realm_id)
            breath_taken = True

    def _request(self, method: str, path: str, **options: Any) -> Answer:
        self._pace.take(self.realm_id, batch=path == "batch", patience=self._patience)
        self._gate()  # last: a turn may have been long in coming
        answer = super().request(method, path, **options)
        if metering.is_read(method, path):
            metering.count(self.realm_id)
        return answer


class RenewingTransport(PacedTransport):
    """For one thread that holds the database session: renews a refused token once and asks again, and notes when
    QuickBooks says that the company was reset, whoever asked.

    The same request id goes out both times, so a write cannot happen twice.
    """

    def __init__(self, *args: Any, connection_id: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self._connection_id = connection_id

    def request(self, method: str, path: str, **options: Any) -> Answer:
        try:
            return self._renewed(method, path, **options)
        except ApiError as error:
            if entry_for(error.fault).key == COMPANY_RESET:
                standstill.note_reset(self._connection_id)
            raise

    def _renewed(self, method: str, path: str, **options: Any) -> Answer:
        try:
            return super().request(method, path, **options)
        except Unauthorized:
            self.access_token = access.renew(self._connection_id, self.access_token)
            return super().request(method, path, **options)


def client_for(connection_id: int, gate: Gate = always_open) -> Client:
    """Raises tokens.TokenError when there is no usable token."""
    connection = tokens.usable(connection_id)
    return Client(_transport(RenewingTransport, connection, gate, connection_id=connection_id))


def impatient_client_for(connection_id: int) -> Client:
    """For a page that somebody waits for: an ApiError comes out after a few seconds. Raises TokenError, and Enough
    where the company's pages have asked often enough, as its requests do.
    """
    connection = tokens.usable(connection_id)
    page_reads.take_look(connection.company_id)
    gate = partial(page_reads.take_request, connection.company_id)
    return Client(_transport(RenewingTransport, connection, gate, connection_id=connection_id, **IMPATIENT))


def client_of_grant(realm_id: str, access_token: str) -> Client:
    """For a grant that belongs to no connection yet, while somebody waits."""
    address = current_app.config["QUICKBOOKS_API_URL"]
    return Client(PacedTransport(address, realm_id, access_token, pace=pace(), gate=always_open, **IMPATIENT))


def threaded_client_for(connection_id: int, gate: Gate) -> Client:
    """For writes: these never touch the database. A refused token comes out as Unauthorized."""
    return Client(_transport(PacedTransport, tokens.usable(connection_id), gate))


def _transport(
    kind: type[PacedTransport], connection: Connection, gate: Gate, /, **options: Any
) -> PacedTransport:
    realm_id = connection.realm_id  # before the token: that commits
    token = access.token_of(connection)
    address = current_app.config["QUICKBOOKS_API_URL"]
    return kind(address, realm_id, token, pace=pace(), gate=gate, **options)
