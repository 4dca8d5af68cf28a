"""The queue of events for the app, worked off by a thread: first come, first acknowledged."""

import threading
from collections import deque
from datetime import timedelta
from typing import Any

from simulator.clock import SimulatedClock
from simulator.switches import Switches
from simulator.webhooks import sending
from simulator.webhooks.events import Event
from simulator.webhooks.schedule import delays

MOST_EVENTS = 100  # in one notification
MOST_DELIVERIES = 1000  # that are remembered


class Webhooks:
    """Without an address nothing is sent and nothing is kept. Retries wait on the simulator's clock."""

    def __init__(self, address: str | None, token: str, clock: SimulatedClock, switches: Switches) -> None:
        self.address = address
        self._token, self._clock, self._switches = token, clock, switches
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._life = 0
        self.reset()

    def reset(self) -> None:
        with self._changed:
            self._life += 1  # what is on its way belongs to the life before
            self._events: deque[Event] = deque()
            self._deliveries: deque[dict[str, Any]] = deque(maxlen=MOST_DELIVERIES)
            self._open = 0
        self.wake()

    def add(self, event: Event) -> None:
        with self._changed:
            self._events.append(event)
            self._open += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def wake(self) -> None:
        """After a switch was changed: look again."""
        with self._changed:
            self._changed.notify_all()
        self._clock.wake()

    def report(self) -> dict[str, Any]:
        """How many events are not acknowledged yet, and the newest deliveries, oldest first."""
        with self._changed:
            return {"address": self.address, "open": self._open, "deliveries": list(self._deliveries)}

    def _work(self) -> None:
        while True:
            life, events = self._next()
            self._deliver(life, events)
            if self._switches.webhook_duplicates:
                self._post(life, events, attempt=1)
            with self._changed:
                self._open -= len(events) if life == self._life else 0

    def _next(self) -> tuple[int, list[Event]]:
        """The events of the next notification. With disorder the newest comes first, alone."""
        with self._changed:
            self._changed.wait_for(lambda: self._events and not self._switches.webhook_hold)
            if self._switches.webhook_disorder:
                return self._life, [self._events.pop()]
            size = min(len(self._events), MOST_EVENTS)
            return self._life, [self._events.popleft() for _ in range(size)]

    def _deliver(self, life: int, events: list[Event]) -> None:
        """Again and again until it is acknowledged; later events wait."""
        for attempt, delay in enumerate(delays(), start=1):
            if self._is_over(life) or self._post(life, events, attempt):
                return
            due = self._clock.now() + timedelta(seconds=delay)
            self._clock.wait_until(due, lambda: self._is_over(life))

    def _post(self, life: int, events: list[Event], attempt: int) -> bool:
        now = self._clock.now()
        status = sending.post(self.address or "", self._token, events, now)
        told = {"time": now.isoformat(), "attempt": attempt, "status": status, "events": events}
        with self._changed:
            if life == self._life:
                self._deliveries.append(told)
        return sending.is_acknowledged(status)

    def _is_over(self, life: int) -> bool:
        return life != self._life
