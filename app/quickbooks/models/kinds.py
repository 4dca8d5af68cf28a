"""The kinds of our records that QuickBooks knows, and which invoices are anybody's business there."""

from __future__ import annotations

import enum

from app.invoices.models import InvoiceStatus


class RecordKind(enum.StrEnum):
    CUSTOMER = "customer"
    ITEM = "item"
    INVOICE = "invoice"
    PAYMENT = "payment"
    REFUND = "refund"

    @property
    def entity(self) -> str:
        """QuickBooks' name for it."""
        return "RefundReceipt" if self is RecordKind.REFUND else self.value.capitalize()

    @classmethod
    def of(cls, entity: str) -> RecordKind:
        """The kind that QuickBooks calls so."""
        return next(kind for kind in cls if kind.entity == entity)


# domain, promise 7: a draft is nobody's business yet, a disputed invoice goes through the reissue workflow.
SYNCABLE = frozenset(InvoiceStatus) - {InvoiceStatus.DRAFT, InvoiceStatus.DISPUTED}
