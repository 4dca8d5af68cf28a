"""What our own people wrote, and when: each record with the values it had, whatever became of its id since."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.customers.models import Customer
from app.extensions import db
from app.invoices.models import Invoice, Payment, Refund
from devtools.chaos import fields

Ours = Customer | Invoice | Payment | Refund
KINDS = {"customer": Customer, "invoice": Invoice, "payment": Payment, "refund": Refund}
ENTITIES = {"customer": "Customer", "invoice": "Invoice", "payment": "Payment", "refund": "RefundReceipt"}


@dataclass(eq=False)
class Entry:
    """One record of ours. `values`: since when (real seconds) it was as it was."""

    company_id: int
    kind: str
    id: int
    values: list[tuple[float, dict[str, Any]]] = field(default_factory=list)

    @property
    def entity(self) -> str:
        return ENTITIES[self.kind]

    @property
    def now(self) -> dict[str, Any]:
        return self.values[-1][1]

    def changed_at(self, name: str) -> float:
        """When the field got its present value here; of a line, the line may have had another place before."""
        present = self.now.get(name)
        since = self.values[-1][0]
        for at, values in reversed(self.values):
            if present not in _alike(values, name):
                break
            since = at
        return since

    def known_as(self) -> set[str]:
        """What tells it in QuickBooks, whatever it is called at present."""
        key = {"customer": "name", "invoice": "number", "payment": "reference", "refund": "reason"}[self.kind]
        return {values[key] for _, values in self.values if key in values}

    def __str__(self) -> str:
        return f"company {self.company_id}: {self.kind} {self.id} ({', '.join(sorted(self.known_as()))})"


def _alike(values: dict[str, Any], name: str) -> list[Any]:
    """What the field is, or on every line what it is there."""
    if not name.startswith("line "):
        return [values.get(name)]
    facet = name.rpartition(" ")[2]
    return [value for key, value in values.items() if key.startswith("line ") and key.endswith(f" {facet}")]


class Diary:
    """`note_saved` right after a commit writes down what was saved by it."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, int], Entry] = {}
        self._kept: dict[tuple[str, int], tuple[Entry, list[tuple[float, fields.Fields]]]] = {}
        self._touched: set[Ours] = set()
        event.listen(db.session, "before_flush", self._touch)

    def _touch(self, session: Session, *_: object) -> None:
        for record in [*session.new, *session.dirty]:
            if isinstance(record, Ours):
                self._touched.add(record)
            if isinstance(record, Invoice):
                self._touched |= {*record.payments, *record.refunds}  # its void is theirs

    def keep(self) -> None:
        """A backup of what is written here."""
        self._kept = {key: (entry, list(entry.values)) for key, entry in self._entries.items()}

    def go_back(self) -> None:
        """To what was kept: what came later was never written."""
        self._entries = {}
        for key, (entry, values) in self._kept.items():
            entry.values = list(values)
            self._entries[key] = entry

    def forget(self) -> None:
        """It was not saved after all."""
        self._touched.clear()

    def note_saved(self) -> bool:
        """Whether anything was that QuickBooks is to hear of."""
        try:
            return self._note(self._touched)
        finally:
            self.forget()

    def _note(self, records: Iterable[Ours]) -> bool:
        """A draft is nobody's business."""
        moment, news = time.time(), False
        for record in records:
            if isinstance(record, Invoice) and record.generated_at is None:
                continue
            kind = type(record).__name__.lower()
            entry = self._entries.setdefault((kind, record.id), Entry(record.company_id, kind, record.id))
            values = fields.here(record)
            if not entry.values or entry.now != values:
                entry.values.append((moment, values))
                news = True
        return news

    def of(self, kind: str, id_: int) -> Entry | None:
        return self._entries.get((kind, id_))

    def entries(self, company_id: int, kind: str) -> list[Entry]:
        return [
            entry for entry in self._entries.values() if (entry.company_id, entry.kind) == (company_id, kind)
        ]
