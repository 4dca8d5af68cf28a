"""One wave on the wire: several batches at once, in threads that know nothing of the database."""

from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from app.quickbooks.api.client import BatchAnswer, Client
from app.quickbooks.api.pace import IN_FLIGHT
from app.quickbooks.models import PushBatch
from app.quickbooks.models.batch_items import BatchItem

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


def send(client: Client, parcel: Parcel) -> BatchAnswer:
    """A batch, or a plain request for a single row: faster, and its fault is the row's own. Raises ApiError."""
    if len(parcel.items) == 1:
        return client.send_one(parcel.items[0], parcel.request_id)
    return client.batch(parcel.items, parcel.request_id)


def send_wave(client: Client, parcels: list[Parcel]) -> Generator[tuple[Parcel, Outcome]]:
    """Yields each outcome as it comes. Close it: what has not left by then never leaves."""
    pool = ThreadPoolExecutor(max_workers=IN_FLIGHT)
    try:
        waiting: dict[Future[BatchAnswer], Parcel] = {
            pool.submit(send, client, parcel): parcel for parcel in parcels
        }
        while waiting:
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield waiting.pop(future), _outcome(future)
    finally:
        pool.shutdown(cancel_futures=True)


def _outcome(future: Future[BatchAnswer]) -> Outcome:
    """What nobody foresaw is an outcome too: the other answers must still be settled."""
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, Exception):
        return error
    raise error
