"""All state of one simulator: companies, grants, switches, scripts, journal, clock."""

import time
from dataclasses import dataclass
from typing import Any

from flask import current_app

from simulator.books.company import Company
from simulator.books.history import Change
from simulator.clock import SimulatedClock
from simulator.journal import Journal
from simulator.limits import Limits
from simulator.meter import Meter
from simulator.oauth.grants import Grants
from simulator.oauth.keys import SigningKey
from simulator.request_memory import RequestMemory
from simulator.scripts import Effects, Scripts
from simulator.seed.companies import Companies
from simulator.switches import Switches
from simulator.webhooks.events import event_of
from simulator.webhooks.webhooks import Webhooks


@dataclass(frozen=True)
class RegisteredApp:
    """The one app that Intuit knows here."""

    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...]
    disconnect_url: str | None = None  # where the browser goes after a disconnect inside QuickBooks
    webhook_url: str | None = None
    webhook_token: str = ""  # the verifier token that signs webhooks


class World:
    def __init__(self, app: RegisteredApp, switches: Switches | None = None) -> None:
        self.app = app
        self.switches = switches or Switches()
        self.initial_switches = Switches(**self.switches.as_dict())
        self.clock = SimulatedClock()
        self.clock.run_at(self.switches.time_scale)
        self.scripts = Scripts()
        self.journal = Journal()
        self.limits = Limits(self.clock.timestamp)
        self.grants = Grants(self.clock, self.switches)
        self.key = SigningKey()
        self.meter = Meter(self.clock, self.switches)
        self.memory = RequestMemory(self.clock, self.switches)
        self.webhooks = Webhooks(app.webhook_url, app.webhook_token, self.clock, self.switches)
        self.companies = Companies(self.clock, self._listen)

    def reset(self) -> None:
        """Everything as it was at the start; tokens are forgotten too."""
        self.switch(self.initial_switches.as_dict())
        self.clock.reset()
        self.clock.run_at(self.switches.time_scale)
        for part in (self.limits, self.meter, self.webhooks, self.grants, self.memory):
            part.reset()
        self.scripts.clear()
        self.journal.clear()
        self.companies.start()

    def switch(self, changes: dict[str, Any]) -> None:
        """Raises ValueError and changes nothing for what is no switch, or cannot be its value."""
        self.switches.update(changes)
        if "time_scale" in changes:
            self.clock.run_at(self.switches.time_scale)
        self.webhooks.wake()

    def _listen(self, company: Company) -> None:
        """Its changes are told to the app."""
        company.on_change = self._tell

    def _tell(self, company: Company, change: Change) -> None:
        """The app hears of companies that are connected to it."""
        if not self.app.webhook_url or not self.grants.is_connected(company.realm):
            return
        if event := event_of(change, company.realm):
            self.webhooks.add(event)

    def wait(self, effects: Effects, items: int = 0) -> None:
        """The latency of one call, with nothing locked."""
        fixed = self.switches.latency_ms + items * self.switches.item_latency_ms
        self.pause(effects.seconds + fixed / 1000)

    @staticmethod
    def pause(seconds: float) -> None:
        if seconds > 0:
            time.sleep(seconds)


def this_world() -> World:
    return current_app.extensions["world"]
