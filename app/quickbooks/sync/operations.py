"""What to send for a record: built from its present data when it is sent (design section 3)."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from app.customers.models import Customer
from app.invoices.models import Invoice, InvoiceStatus
from app.lib.money import ZERO
from app.quickbooks.mapping import values
from app.quickbooks.mapping.clearing import emptying_only
from app.quickbooks.mapping.customer import customer_body
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.invoice import InvoiceRefs, invoice_body
from app.quickbooks.mapping.item import item_body
from app.quickbooks.mapping.problems import CannotMap
from app.quickbooks.models import Item, Preferences, RemoteLink


@dataclass(frozen=True)
class Operation:
    """One write: `operation` is create, update or void; `total` is what QuickBooks must answer, if any.

    `then` says that another write follows: a void invoice is created first and voided next. `include` is an option
    of the request.
    """

    operation: str
    entity: str
    body: dict[str, Any]
    total: Decimal | None = None
    then: bool = False
    include: str = ""


def operation_for(
    record: Customer | Item | Invoice,
    link: RemoteLink | None,
    refs: InvoiceRefs | None,
    preferences: Preferences,
    facts: CompanyFacts,
    name: str,
) -> Operation | None:
    """`name` is what QuickBooks knows a customer by. None when there is nothing left to send. Raises CannotMap."""
    match record:
        case Customer():
            return _write("Customer", customer_body(record) | {"DisplayName": name}, link)
        case Item():
            return _item(record, link, preferences)
        case Invoice():
            return _invoice(record, link, refs, facts)


def _item(item: Item, link: RemoteLink | None, preferences: Preferences) -> Operation | None:
    """An item that exists is the bookkeeper's own: it is made active again, never changed otherwise."""
    if link:
        return _write("Item", {"Active": True}, link)
    if not preferences.income_account_id:
        raise CannotMap("no_income_account")
    return _write("Item", item_body(item.name, preferences.income_account_id), link)


def _invoice(
    invoice: Invoice, link: RemoteLink | None, refs: InvoiceRefs | None, facts: CompanyFacts
) -> Operation | None:
    """A void invoice that QuickBooks lacks is created and then voided, so that its number is accounted for."""
    if link and invoice.status is InvoiceStatus.VOID:
        if link.snapshot.get("voided"):
            return None
        body = {"Id": link.remote_id, "SyncToken": link.sync_token}
        return Operation("void", "Invoice", body, total=ZERO)
    if link and link.snapshot.get("voided"):
        raise CannotMap("voided_in_quickbooks")
    if refs is None:
        raise CannotMap("nothing_to_send")
    write = _write("Invoice", invoice_body(invoice, refs, facts), link, total=invoice.total)
    return replace(write, then=invoice.status is InvoiceStatus.VOID)


def _write(
    entity: str, body: dict[str, Any], link: RemoteLink | None, total: Decimal | None = None
) -> Operation:
    if link is None:
        return Operation("create", entity, values.filled(body), total)
    body = emptying_only(body, link.snapshot.get("ours", ()))
    known = {"Id": link.remote_id, "SyncToken": link.sync_token, "sparse": True}
    return Operation("update", entity, body | known, total)
