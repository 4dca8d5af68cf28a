"""What a customer, an item, an invoice, a payment and a refund are in QuickBooks: a module each, and KINDS."""

from typing import Any

from app.customers.models import Customer
from app.invoices.models import Invoice, Payment, Refund
from app.quickbooks.kinds.customer import Customers
from app.quickbooks.kinds.invoice import Invoices
from app.quickbooks.kinds.item import Items
from app.quickbooks.kinds.kind import Kind
from app.quickbooks.kinds.payment import Payments
from app.quickbooks.kinds.refund import Refunds
from app.quickbooks.models import Item, RecordKind

Record = Customer | Item | Invoice | Payment | Refund

KINDS: dict[RecordKind, Kind[Any]] = {
    kind.key: kind for kind in (Customers(), Items(), Invoices(), Payments(), Refunds())
}

__all__ = ["KINDS", "Kind", "Record"]
