"""What is kept of invoices."""

from app.invoices.models.delivery import InvoiceDelivery
from app.invoices.models.invoice import (
    PLACE_COLUMNS,
    DiscountKind,
    Invoice,
    InvoiceLine,
    InvoiceSequence,
    InvoiceStatus,
    Money,
)
from app.invoices.models.money import Payment, PaymentMethod, Refund

__all__ = [
    "PLACE_COLUMNS",
    "DiscountKind",
    "Invoice",
    "InvoiceDelivery",
    "InvoiceLine",
    "InvoiceSequence",
    "InvoiceStatus",
    "Money",
    "Payment",
    "PaymentMethod",
    "Refund",
]
