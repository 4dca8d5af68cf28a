"""One write to QuickBooks, and how a plain request and a batch spell it (contract sections 2.1 and 2.8)."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Write:
    """`operation` is create, update, void or delete; `bid` tells it from the others of its batch; `include` is an
    option of the request.
    """

    bid: str
    operation: str
    entity: str
    body: dict[str, Any]
    include: str = ""

    @property
    def options(self) -> dict[str, str]:
        """Of a plain request; a batch has them in its items."""
        if self._is_voided_by_update:
            return {"operation": "update", "include": "void"}
        if self.operation in ("void", "delete"):
            return {"operation": self.operation}
        return {"include": self.include} if self.include else {}

    @property
    def batch_item(self) -> dict[str, Any]:
        """`void` is in Intuit's schema alone, so invoices are voided in plain requests (lane/packing.py); a batch
        that an older version wrote down may hold one (contract section 2.8).
        """
        if self._is_voided_by_update:
            verb = {"operation": "update", "optionsData": "void"}
        else:
            options = {"optionsData": self.include} if self.include else {}
            verb = {"operation": self.operation, **options}
        return {"bId": self.bid, self.entity: self.content, **verb}

    @property
    def content(self) -> dict[str, Any]:
        return self.body | {"sparse": True} if self._is_voided_by_update else self.body

    @property
    def _is_voided_by_update(self) -> bool:
        """Payments are (contract section 2.1)."""
        return self.operation == "void" and self.entity == "Payment"
