"""Request ids: the first answer is given again (contract section 2.4)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock, RLock
from typing import Any

from simulator.answer import Answer
from simulator.clock import SimulatedClock
from simulator.faults import fault
from simulator.switches import Switches

LONGEST_ID = 50
LONGEST_BATCH_ID = 36
LONGEST_BATCH_ITEM_ID = 10
FIRST_TIDYING = 5000


@dataclass
class Remembered:
    lock: Any = field(default_factory=RLock)  # a second call with the id waits for the first
    answer: Answer | None = None
    fingerprint: bytes = b""
    answered_at: float = 0


class RequestMemory:
    def __init__(self, clock: SimulatedClock, switches: Switches) -> None:
        self._clock, self._switches = clock, switches
        self._lock = Lock()
        self._entries: dict[tuple[str, str], Remembered] = {}
        self._tidy_at = FIRST_TIDYING
        self.changed: set[tuple[str, str]] = set()  # what was answered since somebody saved it

    def reset(self) -> None:
        with self._lock:
            self._entries.clear()
            self.changed.clear()

    def run(self, realm: str, requestid: str, fingerprint: bytes, work: Callable[[], Answer]) -> Answer:
        """The remembered answer, or the work's. Only an answer of the books themselves is remembered."""
        with self._lock:
            if len(self._entries) >= self._tidy_at:
                self._forget_old()
            entry = self._entries.setdefault((realm, requestid), Remembered())
        with entry.lock:
            if entry.answer is not None and self._is_fresh(entry):
                self._refuse_other_payload(entry, fingerprint)
                return entry.answer
            answer = work()
            if answer.is_definite:
                entry.answer, entry.fingerprint = answer, fingerprint
                entry.answered_at = self._clock.timestamp()
                self.changed.add((realm, requestid))
            return answer

    def entries(self) -> list[tuple[str, str, Remembered]]:
        with self._lock:
            return [(realm, id_, entry) for (realm, id_), entry in self._entries.items() if entry.answer]

    def take_changed(self) -> list[tuple[str, str, Remembered]]:
        with self._lock:
            taken, self.changed = self.changed, set()
            return [(*key, self._entries[key]) for key in taken if key in self._entries]

    def restore(self, realm: str, requestid: str, entry: Remembered) -> None:
        self._entries[realm, requestid] = entry

    def _forget_old(self) -> None:
        entries = self._entries.items()
        self._entries = {key: entry for key, entry in entries if not entry.answer or self._is_fresh(entry)}
        self._tidy_at = max(FIRST_TIDYING, 2 * len(self._entries))

    def _is_fresh(self, entry: Remembered) -> bool:
        return self._clock.timestamp() - entry.answered_at < self._switches.requestid_memory_seconds

    def _refuse_other_payload(self, entry: Remembered, fingerprint: bytes) -> None:
        if self._switches.requestid_reuse == "refuse" and fingerprint != entry.fingerprint:
            raise fault("600", "Duplicate Request ID: the request ID was already used for another request.")


def check_request_id(requestid: str, item_ids: list[str] | None) -> None:
    """Raises 2130. `item_ids` are the bIds of a batch, None for any other call."""
    if len(requestid) > (LONGEST_ID if item_ids is None else LONGEST_BATCH_ID):
        raise fault("2130", f"Invalid Request Id Format. Supplied value: {requestid}")
    if any(len(id_) > LONGEST_BATCH_ITEM_ID for id_ in item_ids or []):
        raise fault(
            "2130", f"A bId can have at most {LONGEST_BATCH_ITEM_ID} characters together with a request id."
        )
