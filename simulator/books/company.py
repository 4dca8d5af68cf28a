"""One QuickBooks company: its tables, its Ids, its rules, and the only place where records are stored."""

from collections import Counter
from dataclasses import dataclass
from threading import RLock
from typing import Any

from simulator.books import references
from simulator.books.kind import Kind
from simulator.books.kinds import KINDS
from simulator.books.money import to_cents
from simulator.books.table import Record, Table
from simulator.clock import SimulatedClock, record_time


@dataclass
class Rules:
    """What a bookkeeper or Intuit decides, and what the contract leaves open (then the stricter reading)."""

    suspended: bool = False  # 6190 on every write
    plan: str = "Plus"
    book_close_date: str | None = None
    warn_duplicate_numbers: bool = True  # cannot be read by API (contract section 4.2)
    numbers_shared: bool = True  # a number clashes across invoices, credit memos and refunds
    inactive_customers_keep_names: bool = True  # else " (deleted)" is appended, as for items
    refuse_inactivating_debtors: bool = True  # 6220; in QuickBooks itself a credit memo balances them
    longest_display_name: int = 100  # documented as 500; connectors meet less (contract, open point 3)
    latin1_only: bool = False  # refuse text outside ISO-8859-1 (contract section 2.1)
    duplicate_name_tells_id: bool = False  # 6240 says "Id=…" at times; recorded without
    void_answers_shout: bool = (
        False  # SALES_ITEM_LINE_DETAIL, NOT_SET: documented, not recorded (section 2.2)
    )
    editor: str = "The Bookkeeper"  # whom a stale write names


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
        self.tables = {kind.name: Table(kind.known_by) for kind in KINDS.values()}
        self.deletions: dict[tuple[str, str], Deletion] = {}
        self.counters: Counter[str] = Counter()

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

    @staticmethod
    def kind(name: str) -> Kind:
        return KINDS[name]

    def prefers(self, group: str, switch: str) -> Any:
        return self.preferences[group].get(switch, False)

    def get(self, kind: str, id_: str) -> Record | None:
        return self.tables[kind].get(id_)

    def next_number(self, sequence: str) -> str:
        self.counters[sequence] += 1
        return str(self.counters[sequence])

    def add(self, kind: Kind, fields: Record) -> Record:
        """A new record with the next Id of its kind."""
        id_ = self.next_number(kind.id_space or kind.name)
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
        return self.tables[kind.name].get(id_) or record

    def replace(self, kind: Kind, before: Record, fields: Record) -> Record:
        """The next version of a record: a new SyncToken, a new time."""
        record = self._touched({**before, **fields})
        record = {
            key: value for key, value in record.items() if key in fields or key in references.ALWAYS_KEPT
        }
        record["SyncToken"] = str(int(before["SyncToken"]) + 1)
        self._store(kind, before, record)
        return self.tables[kind.name].get(record["Id"]) or record

    def amend(self, kind: Kind, record: Record, **changes: Any) -> Record:
        """Change what is derived: the time moves, the SyncToken does not."""
        amended = self._touched({**record, **changes})
        self.tables[kind.name].put(amended)
        return amended

    def remove(self, kind: Kind, record: Record) -> None:
        self.tables[kind.name].remove(record["Id"])
        time = record_time(self.clock.now())
        self.deletions[kind.name, record["Id"]] = Deletion(kind.name, record, time)
        self._follow(kind, record, None)

    def was_deleted(self, kind: Kind, id_: str) -> bool:
        return (kind.name, id_) in self.deletions

    def _store(self, kind: Kind, before: Record | None, record: Record) -> None:
        self.tables[kind.name].put(record)
        self._follow(kind, before, record)

    def _follow(self, kind: Kind, before: Record | None, after: Record | None) -> None:
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
        kind = KINDS["Customer"]
        customer = self.tables["Customer"].get(customer_id)
        if customer is None:
            return
        total = to_cents(customer["BalanceWithJobs"] + amount)
        self.amend(kind, customer, Balance=to_cents(customer["Balance"] + amount), BalanceWithJobs=total)
        while parent := self.tables["Customer"].get(customer.get("ParentRef", {}).get("value", "")):
            self.amend(kind, parent, BalanceWithJobs=to_cents(parent["BalanceWithJobs"] + amount))
            customer = parent

    def _touched(self, record: Record) -> Record:
        meta = {**record["MetaData"], "LastUpdatedTime": record_time(self.clock.now())}
        return {**record, "MetaData": meta}
