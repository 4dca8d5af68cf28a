"""What every entity has in common: a shape, a place among the Ids, what may be done to it and queried."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from decimal import Decimal
from functools import cached_property
from typing import ClassVar

from simulator.books.books import Books
from simulator.books.money import ZERO
from simulator.books.shape import Shape
from simulator.books.table import Record

ALWAYS_THERE = frozenset({"Id", "SyncToken", "MetaData"})
ALWAYS_FILTERABLE = frozenset({"Id", "MetaData.CreateTime", "MetaData.LastUpdatedTime"})


class Kind(ABC):
    """One kind of record. Instances have no state: the records live in the books."""

    name: ClassVar[str]
    shape: ClassVar[Shape]
    known_by: ClassVar[str | None] = None  # the field its table is indexed by
    id_space: ClassVar[str] = ""  # kinds that share a sequence of Ids name the same space
    computed: ClassVar[frozenset[str]] = frozenset()  # survive a full update, which drops what is not sent
    irremovable: ClassVar[frozenset[str]] = frozenset()  # an empty text does not clear them
    filterable: ClassVar[frozenset[str]] = frozenset()
    grouped: ClassVar[frozenset[str]] = frozenset()  # indexed by value, beside what it is known by
    # Indexed by order, beside the times; every record has them.
    ordered: ClassVar[frozenset[str]] = frozenset()
    is_transaction: ClassVar[bool] = False
    is_writable: ClassVar[bool] = True
    has_active: ClassVar[bool] = False

    @cached_property
    def _spellings(self) -> dict[str, str]:
        """Every property by its lower-case name: a query may write it in any case (contract section 2.6)."""
        known = {*self.shape.fields, *self.filterable, *ALWAYS_THERE, *ALWAYS_FILTERABLE}
        return {name.lower(): name for name in known}

    @property
    def path(self) -> str:
        return self.name.lower()

    @abstractmethod
    def complete(
        self, books: Books, draft: Record, before: Record | None, options: Collection[str]
    ) -> Record:
        """The record to keep: checked, defaulted, computed. Raises Fault."""

    def stored(self, books: Books, before: Record | None, after: Record | None) -> None:
        """Follow up on a change that has been stored; `after` is None when the record was deleted."""
        return

    def open_amount(self, record: Record) -> Decimal:
        """What the customer owes because of this record; negative when we owe them."""
        return ZERO

    def carried_over(self, books: Books, before: Record, sent: Record) -> Record:
        """What a sparse update starts from."""
        return before

    def refuse_change(self, books: Books, record: Record) -> None:
        """Raises Fault when nothing about the record may change."""
        return

    def spelled(self, field: str) -> str:
        """The property as QuickBooks spells it; one that it does not know stays as it is."""
        return self._spellings.get(field.lower(), field)

    def knows(self, field: str) -> bool:
        return field.lower() in self._spellings

    def always_has(self, field: str) -> bool:
        return field in self.ordered or field in ALWAYS_FILTERABLE

    def can_filter(self, field: str) -> bool:
        return field in self.filterable or field in ALWAYS_FILTERABLE


class Transaction(Kind):
    """A dated record that can be deleted or voided."""

    id_space = "transactions"
    is_transaction = True

    @abstractmethod
    def voided(self, books: Books, record: Record) -> Record:
        """The record with nothing left in it."""

    def refuse_void(self, books: Books, record: Record) -> None:
        """Raises Fault."""

    def refuse_delete(self, books: Books, record: Record) -> None:
        """Raises Fault."""


class ReadOnlyKind(Kind):
    """Records that only the company itself writes."""

    shape = Shape("ReadOnly", {})
    is_writable = False

    def complete(
        self, books: Books, draft: Record, before: Record | None, options: Collection[str]
    ) -> Record:
        return draft
