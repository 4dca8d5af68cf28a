"""All invoices of a QuickBooks company, page by page. Knows the wire alone, not the database."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from app.quickbooks.api.client import Client, Record, quote
from app.quickbooks.api.errors import OutcomeUnknown

# Of the 1000 that QuickBooks would give at once: the progress moves, and no answer takes long.
PAGE_SIZE = 200
IDS_AT_ONCE = 100
BLIP_SECONDS = 1

Beat = Callable[[int, int], None]  # how many were read so far, of how many


class Reading:
    """One read of all invoices. `beat` is called before every request and may raise to stop.

    A lost answer is asked for once more: reading changes nothing. Raises ApiError.
    """

    def __init__(self, client: Client, beat: Beat, page_size: int = PAGE_SIZE) -> None:
        self._client = client
        self._beat = beat
        self._page_size = page_size
        self._expected = 0
        self._found: dict[str, Record] = {}

    def everything(self) -> list[Record]:
        self._expected = self._ask(self._client.count, "Invoice")
        start, full = 1, True
        while full:
            page = self._ask(self._client.page, "Invoice", start, self._page_size)
            self._found |= {record["Id"]: record for record in page}
            start, full = start + self._page_size, len(page) == self._page_size
        return list(self._found.values())

    def again(self, ids: Sequence[str]) -> list[Record]:
        """Everything, with these as they are by now. Pages shift while somebody deletes, and an invoice may have
        been changed and pushed since its page was read.
        """
        for start in range(0, len(ids), IDS_AT_ONCE):
            asked = ids[start : start + IDS_AT_ONCE]
            listed = ", ".join(quote(id_) for id_ in asked)
            present = self._ask(self._client.page, "Invoice", 1, IDS_AT_ONCE, f"Id IN ({listed})")
            for id_ in asked:
                self._found.pop(id_, None)
            self._found |= {record["Id"]: record for record in present}
        return list(self._found.values())

    def _ask(self, ask: Callable[..., Any], *arguments: Any) -> Any:
        self._beat(len(self._found), max(self._expected, len(self._found)))
        try:
            return ask(*arguments)
        except OutcomeUnknown:
            time.sleep(BLIP_SECONDS)
            self._beat(len(self._found), max(self._expected, len(self._found)))
            return ask(*arguments)
