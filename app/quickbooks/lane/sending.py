"""Requests on the wire: several at once, in threads that know nothing of the database."""

import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from app.quickbooks.api.client import BatchAnswer, Client
from app.quickbooks.api.errors import ApiError, OutcomeUnknown, Throttled
from app.quickbooks.api.pace import IN_FLIGHT
from app.quickbooks.models import PushBatch
from app.quickbooks.models.batch_items import BatchItem

GATHER_SECONDS = 0.3

Outcome = BatchAnswer | Exception


@dataclass(frozen=True)
class Parcel:
    """What a thread needs of a batch."""

    batch_id: int
    request_id: str
    items: Sequence[BatchItem]

    @classmethod
    def of(cls, batch: PushBatch) -> "Parcel":
        return cls(batch.id, batch.request_id, batch.items)

    def is_done(self, outcome: Outcome) -> bool:
        """Every row of it was taken."""
        return isinstance(outcome, BatchAnswer) and all(
            isinstance(outcome.by_bid.get(item.bid), dict) for item in self.items
        )


class NotSentError(Exception):
    """It never left, because QuickBooks took nothing before."""


def send(client: Client, parcel: Parcel) -> BatchAnswer:
    """A batch, or a plain request for a single row: faster, and its fault is the row's own. Raises ApiError."""
    if len(parcel.items) == 1:
        return client.send_one(parcel.items[0], parcel.request_id)
    return client.batch(parcel.items, parcel.request_id)


class Flight:
    """What is on the wire. What has not left stays here, once QuickBooks takes nothing or says nothing: it would
    fare the same. Close it: what has not left by then never leaves.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._pool = ThreadPoolExecutor(max_workers=IN_FLIGHT)
        self._out: dict[Future[BatchAnswer], Parcel] = {}
        self._met_nobody = threading.Event()

    def __bool__(self) -> bool:
        return bool(self._out)

    @property
    def batches(self) -> int:
        return sum(len(parcel.items) > 1 for parcel in self._out.values())

    @property
    def singles(self) -> int:
        return len(self._out) - self.batches

    def add(self, parcels: Iterable[Parcel]) -> None:
        for parcel in parcels:
            self._out[self._pool.submit(self._send, parcel)] = parcel

    def landed(self) -> list[tuple[Parcel, Outcome]]:
        """Waits for an outcome; those that come soon after it are settled with it."""
        wait(self._out, return_when=FIRST_COMPLETED)
        done, _ = wait(self._out, timeout=GATHER_SECONDS)
        return [(self._out.pop(future), _outcome(future)) for future in done]

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _send(self, parcel: Parcel) -> BatchAnswer:
        if self._met_nobody.is_set():
            raise NotSentError
        try:
            return send(self._client, parcel)
        except ApiError as error:
            if _is_nobody(error):
                self._met_nobody.set()
            raise


def _is_nobody(error: ApiError) -> bool:
    return isinstance(error, Throttled) or (isinstance(error, OutcomeUnknown) and error.fault.status is None)


def _outcome(future: Future[BatchAnswer]) -> Outcome:
    """What nobody foresaw is an outcome too: the other answers must still be settled."""
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, Exception):
        return error
    raise error
