"""What a kind of record may ask of the books that it is kept in."""

from collections import Counter
from typing import Any, Protocol

from simulator.books.rules import Rules
from simulator.books.table import Record, Table
from simulator.clock import SimulatedClock


class Books(Protocol):
    """One company as its records see it. Kinds are named, so that no kind needs to know another."""

    country: str
    currency: Record
    clock: SimulatedClock
    rules: Rules
    custom_fields: dict[str, str]
    deposited: set[str]
    counters: Counter[str]
    tables: dict[str, Table]

    @property
    def is_us(self) -> bool: ...

    @property
    def has_automated_tax(self) -> bool: ...

    @property
    def preferences(self) -> Record: ...

    @property
    def info(self) -> Record: ...

    def prefers(self, group: str, switch: str) -> Any: ...

    def get(self, kind: str, id_: str) -> Record | None: ...

    def next_number(self, sequence: str) -> str: ...

    def replace(self, kind: str, before: Record, fields: Record) -> Record: ...

    def amend(self, kind: str, record: Record, **changes: Any) -> Record: ...
