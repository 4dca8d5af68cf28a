"""One QuickBooks company: its tables, its Ids, its rules, and the only place where records are stored."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import RLock
from typing import Any

from simulator.books import references
from simulator.books.history import APP, Change, History
from simulator.books.kind import Kind
from simulator.books.kinds import KINDS
from simulator.books.money import to_cents
from simulator.books.rules import Rules
from simulator.books.table import Record, Table
from simulator.clock import SimulatedClock, record_time


@dataclass(frozen=True)
class Deletion:
    kind: str
    record: Record
    time: str


class Company:
    def __init__(self, realm: str, name: str, country: str, currency: Record, clock: SimulatedClock) -> None:
        self.realm, self.name, self.country, self.currency, self.clock = realm, name, country, currency, clock
        self.lock = RLock()
        self.rules = Rules()
        self.custom_fields: dict[str, str] = {}
        self.deposited: set[str] = set()  # Ids of payments that are part of a bank deposit
        self.tables = {kind.name: Table(kind.known_by, kind.grouped, kind.ordered) for kind in KINDS.values()}
        self.deletions: dict[tuple[str, str], Deletion] = {}
        self.deletions_by_kind: dict[str, list[Deletion]] = defaultdict(list)  # oldest first
        self.counters: Counter[str] = Counter()
        self.history = History()
        self.on_change: Callable[[Company, Change], None] | None = None
        self._writer = APP

    @property
    def preferences(self) -> Record:
        return next(iter(self.tables["Preferences"]))

    @property
    def info(self) -> Record:
        return next(iter(self.tables["CompanyInfo"]))

    @property
    def is_us(self) -> bool:
        return self.country == "US"

    @property
    def has_automated_tax(self) -> bool:
        return "PartnerTaxEnabled" in self.preferences["TaxPrefs"]

    def prefers(self, group: str, switch: str) -> Any:
        return self.preferences[group].get(switch, False)

    def get(self, kind: str, id_: str) -> Record | None:
        return self.tables[kind].get(id_)

    def next_number(self, sequence: str) -> str:
        self.counters[sequence] += 1
        return str(self.counters[sequence])

    def add(self, kind: str, fields: Record) -> Record:
        """A new record with the next Id of its kind."""
        id_ = self.next_number(KINDS[kind].id_space or kind)
        now = record_time(self.clock.now())
        record = {
            **fields,
            "domain": "QBO",
            "sparse": False,
            "Id": id_,
            "SyncToken": "0",
            "MetaData": {"CreateTime": now, "LastUpdatedTime": now},
        }
        self._store(kind, None, record)
        return self.tables[kind].get(id_) or record

    def replace(self, kind: str, before: Record, fields: Record) -> Record:
        """The next version of a record: a new SyncToken, a new time."""
        record = self._touched({**before, **fields})
        record = {
            key: value for key, value in record.items() if key in fields or key in references.ALWAYS_KEPT
        }
        record["SyncToken"] = str(int(before["SyncToken"]) + 1)
        self._store(kind, before, record)
        return self.tables[kind].get(record["Id"]) or record

    def amend(self, kind: str, record: Record, **changes: Any) -> Record:
        """Change what is derived: the time moves, the SyncToken does not."""
        amended = self._touched({**record, **changes})
        self.tables[kind].put(amended)
        return amended

    def remove(self, kind: str, record: Record) -> None:
        self.tables[kind].remove(record["Id"])
        time = record_time(self.clock.now())
        self.note_deletion(Deletion(kind, record, time))
        self._note(kind, record, None)
        self._follow(kind, record, None)

    def _note(self, kind: str, before: Record | None, after: Record | None) -> None:
        change = self.history.add(self.clock.now(), kind, self._writer, before, after)
        if self.on_change:
            self.on_change(self, change)

    @contextmanager
    def written_by(self, whom: str) -> Iterator[None]:
        """Whose hand the history names meanwhile. The company is locked by the caller."""
        self._writer = whom
        try:
            yield
        finally:
            self._writer = APP

    def note_deletion(self, deletion: Deletion) -> None:
        self.deletions[deletion.kind, deletion.record["Id"]] = deletion
        self.deletions_by_kind[deletion.kind].append(deletion)

    def was_deleted(self, kind: str, id_: str) -> bool:
        return (kind, id_) in self.deletions

    def _store(self, kind: str, before: Record | None, record: Record) -> None:
        self.tables[kind].put(record)
        self._note(kind, before, record)
        self._follow(kind, before, record)

    def _follow(self, name: str, before: Record | None, after: Record | None) -> None:
        kind = KINDS[name]
        self._settle_balances(kind, before, after)
        kind.stored(self, before, after)
        if before and after:
            references.rename(self, kind, before, after)

    def _settle_balances(self, kind: Kind, before: Record | None, after: Record | None) -> None:
        """Customers owe what their transactions leave open."""
        for record, sign in ((before, -1), (after, 1)):
            if record and (amount := kind.open_amount(record)):
                self.owe(record["CustomerRef"]["value"], sign * amount)

    def owe(self, customer_id: str, amount: Any) -> None:
        customer = self.tables["Customer"].get(customer_id)
        if customer is None:
            return
        total = to_cents(customer["BalanceWithJobs"] + amount)
        self.amend(
            "Customer", customer, Balance=to_cents(customer["Balance"] + amount), BalanceWithJobs=total
        )
        while parent := self.tables["Customer"].get(customer.get("ParentRef", {}).get("value", "")):
            self.amend("Customer", parent, BalanceWithJobs=to_cents(parent["BalanceWithJobs"] + amount))
            customer = parent

    def _touched(self, record: Record) -> Record:
        meta = {**record["MetaData"], "LastUpdatedTime": record_time(self.clock.now())}
        return {**record, "MetaData": meta}
