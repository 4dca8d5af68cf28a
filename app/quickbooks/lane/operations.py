"""What to send for a record: built from its present data when it is sent (design section 3)."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from app.customers.models import Customer
from app.invoices.models import Invoice, InvoiceStatus, Payment, Refund
from app.lib.money import ZERO
from app.quickbooks.kinds.records import Record
from app.quickbooks.lane.dependencies import Refs
from app.quickbooks.mapping import payment, refund, values
from app.quickbooks.mapping.clearing import emptying_only
from app.quickbooks.mapping.customer import customer_body
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.invoice import InvoiceRefs, invoice_body
from app.quickbooks.mapping.item import item_body
from app.quickbooks.mapping.money import is_over
from app.quickbooks.mapping.problems import CannotMap
from app.quickbooks.models import SYNCABLE, Item, Preferences, RemoteLink


@dataclass(frozen=True)
class Operation:
    """One write: `operation` is create, update, void or delete; `total` is what QuickBooks must answer, if any.

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
    record: Record,
    link: RemoteLink | None,
    refs: Refs | None,
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
        case Payment():
            return _payment(record, link, refs, preferences, facts)
        case Refund():
            return _refund(record, link, refs, preferences, facts)


def _item(item: Item, link: RemoteLink | None, preferences: Preferences) -> Operation | None:
    """An item that exists is the bookkeeper's own: it is made active again, never changed otherwise."""
    if link:
        return _write("Item", {"Active": True}, link)
    if not preferences.income_account_id:
        raise CannotMap("no_income_account")
    return _write("Item", item_body(item.name, preferences.income_account_id), link)


def _invoice(
    invoice: Invoice, link: RemoteLink | None, refs: Refs | None, facts: CompanyFacts
) -> Operation | None:
    """Nothing for one that was disputed while it waited: that goes through the reissue workflow. A void invoice
    that QuickBooks lacks is created and then voided, so that its number is accounted for.
    """
    if invoice.status not in SYNCABLE:
        return None
    if link and invoice.status is InvoiceStatus.VOID:
        if link.snapshot.get("voided"):
            return None
        body = {"Id": link.remote_id, "SyncToken": link.sync_token}
        return Operation("void", "Invoice", body, total=ZERO)
    if link and link.snapshot.get("voided"):
        raise CannotMap("voided_in_quickbooks")
    if not isinstance(refs, InvoiceRefs):
        raise CannotMap("nothing_to_send")
    write = _write("Invoice", invoice_body(invoice, refs, facts), link, total=invoice.total)
    return replace(write, then=invoice.status is InvoiceStatus.VOID)


def _payment(
    record: Payment,
    link: RemoteLink | None,
    refs: Refs | None,
    preferences: Preferences,
    facts: CompanyFacts,
) -> Operation | None:
    """A void payment stays in QuickBooks, with zeros."""
    if is_over(record):
        return _end("void", "Payment", link, total=ZERO)
    if link and link.snapshot.get("over"):
        raise CannotMap("payment_voided_there")
    if not isinstance(refs, payment.PaymentRefs):
        raise CannotMap("nothing_to_send")
    if link and _shows(link, payment.wanted_snapshot(record, refs)):
        return None
    body = payment.payment_body(record, refs, facts, preferences.deposit_account_id)
    return _write("Payment", body, link, record.amount)


def _refund(
    record: Refund,
    link: RemoteLink | None,
    refs: Refs | None,
    preferences: Preferences,
    facts: CompanyFacts,
) -> Operation | None:
    """Refund receipts have no void of their own, so one that is over is deleted (contract section 2.1)."""
    if is_over(record):
        return _end("delete", "RefundReceipt", link)
    if not isinstance(refs, refund.RefundRefs):
        raise CannotMap("nothing_to_send")
    if link and _shows(link, refund.wanted_snapshot(record, refs)):
        return None
    body = refund.refund_body(record, refs, facts, preferences.deposit_account_id)
    return _write("RefundReceipt", body, link, record.amount)


def _shows(link: RemoteLink, wanted: dict[str, Any]) -> bool:
    """Money is left alone once it is right there: a deposited payment takes no update at all (6540)."""
    return all(link.snapshot.get(field) == value for field, value in wanted.items())


def _end(
    operation: str, entity: str, link: RemoteLink | None, total: Decimal | None = None
) -> Operation | None:
    if link is None or link.snapshot.get("over"):
        return None
    return Operation(operation, entity, {"Id": link.remote_id, "SyncToken": link.sync_token}, total)


def _write(
    entity: str, body: dict[str, Any], link: RemoteLink | None, total: Decimal | None = None
) -> Operation:
    if link is None:
        return Operation("create", entity, values.filled(body), total)
    body = emptying_only(body, link.snapshot.get("ours", ()))
    known = {"Id": link.remote_id, "SyncToken": link.sync_token, "sparse": True}
    return Operation("update", entity, body | known, total)
