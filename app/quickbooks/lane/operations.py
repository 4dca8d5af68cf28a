"""What to send for a record: built from its present data when it is sent (design section 3)."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from app.customers.models import Customer
from app.invoices.models import Invoice, InvoiceStatus, Payment, Refund
from app.lib.money import ZERO
from app.quickbooks.kinds import Record
from app.quickbooks.lane.dependencies import Refs
from app.quickbooks.mapping import payment, refund, remembering, updates, values
from app.quickbooks.mapping.customer import customer_body
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.invoice import InvoiceRefs, invoice_body
from app.quickbooks.mapping.item import item_body
from app.quickbooks.mapping.money import is_over
from app.quickbooks.mapping.problems import CannotMap
from app.quickbooks.mapping.updates import AskFirst, Consent
from app.quickbooks.models import SYNCABLE, Item, Preferences, RecordKind, RemoteLink
from app.quickbooks.models.memory import Memory


@dataclass(frozen=True)
class Operation:
    """One write: `operation` is create, update, void or delete; `total` is what QuickBooks must answer, if any.

    `ours` are the fields of the body as they are here, to be remembered once QuickBooks has taken them. `then` says
    that another write follows: a void invoice is created first and voided next. `include` is an option of a
    request.
    """

    operation: str
    entity: str
    body: dict[str, Any]
    ours: dict[str, Any] = field(default_factory=dict)
    total: Decimal | None = None
    then: bool = False
    include: str = ""


@dataclass(frozen=True)
class Called:
    """What QuickBooks knows a record by: its name there, and the mark of ours in its note (SyncTask.mark)."""

    name: str
    mark: str


def operation_for(
    record: Record,
    link: RemoteLink | None,
    refs: Refs | None,
    preferences: Preferences,
    facts: CompanyFacts,
    called: Called,
    consent: Consent,
) -> Operation | None:
    """None when there is nothing left to send. Raises CannotMap, and
    AskFirst where what somebody wrote there would be overwritten without their `consent`.
    """
    match record:
        case Customer():
            body = customer_body(record) | {"DisplayName": called.name}
            return _write(RecordKind.CUSTOMER, body, link, consent)
        case Item():
            return _item(record, link, preferences, consent)
        case Invoice():
            return _invoice(record, link, refs, facts, consent)
        case Payment():
            return _payment(record, link, refs, preferences, facts, called.mark, consent)
        case Refund():
            return _refund(record, link, refs, preferences, facts, called.mark, consent)


def _item(
    item: Item, link: RemoteLink | None, preferences: Preferences, consent: Consent
) -> Operation | None:
    """An item that exists is the bookkeeper's own: it is made active again, never changed otherwise."""
    if link:
        return _write(RecordKind.ITEM, {"Active": True}, link, consent)
    if not preferences.income_account_id:
        raise CannotMap("no_income_account")
    return _write(RecordKind.ITEM, item_body(item.name, preferences.income_account_id), link, consent)


def _invoice(
    invoice: Invoice, link: RemoteLink | None, refs: Refs | None, facts: CompanyFacts, consent: Consent
) -> Operation | None:
    """Nothing for one that was disputed while it waited: that goes through the reissue workflow. A void invoice
    that QuickBooks lacks is created and then voided, so that its number is accounted for.
    """
    if invoice.status not in SYNCABLE:
        return None
    if link and invoice.status is InvoiceStatus.VOID:
        return _end("void", RecordKind.INVOICE, link, consent, total=ZERO)
    if link and link.memory.over:
        raise CannotMap("voided_in_quickbooks")
    if not isinstance(refs, InvoiceRefs):
        raise CannotMap("nothing_to_send")
    write = _write(RecordKind.INVOICE, invoice_body(invoice, refs, facts), link, consent, total=invoice.total)
    return replace(write, then=invoice.status is InvoiceStatus.VOID) if write else None


def _payment(
    record: Payment,
    link: RemoteLink | None,
    refs: Refs | None,
    preferences: Preferences,
    facts: CompanyFacts,
    mark: str,
    consent: Consent,
) -> Operation | None:
    """A void payment stays in QuickBooks, with zeros."""
    if is_over(record):
        return _end("void", RecordKind.PAYMENT, link, consent, total=ZERO)
    if link and link.memory.over:
        raise CannotMap("payment_voided_there")
    if not isinstance(refs, payment.PaymentRefs):
        raise CannotMap("nothing_to_send")
    body = payment.payment_body(record, refs, facts, preferences.deposit_account_id, mark)
    return _write(RecordKind.PAYMENT, body, link, consent, record.amount)


def _refund(
    record: Refund,
    link: RemoteLink | None,
    refs: Refs | None,
    preferences: Preferences,
    facts: CompanyFacts,
    mark: str,
    consent: Consent,
) -> Operation | None:
    """Refund receipts have no void of their own, so one that is over is deleted (contract section 2.1)."""
    if is_over(record):
        return _end("delete", RecordKind.REFUND, link, consent)
    if not isinstance(refs, refund.RefundRefs):
        raise CannotMap("nothing_to_send")
    body = refund.refund_body(record, refs, facts, preferences.deposit_account_id, mark)
    return _write(RecordKind.REFUND, body, link, consent, record.amount)


def _end(
    operation: str,
    kind: RecordKind,
    link: RemoteLink | None,
    consent: Consent,
    total: Decimal | None = None,
) -> Operation | None:
    if link is None or link.memory.over:
        return None
    changes = updates.ending(kind, link.memory)
    if changes and not _is_allowed(kind, link.memory, consent):
        raise AskFirst(changes, {})
    body = {"Id": link.remote_id, "SyncToken": link.sync_token}
    return Operation(operation, kind.entity, body, total=total)


def _write(
    kind: RecordKind,
    body: dict[str, Any],
    link: RemoteLink | None,
    consent: Consent,
    total: Decimal | None = None,
) -> Operation | None:
    if link is None:
        filled = values.filled(body)
        return Operation("create", kind.entity, filled, ours=filled, total=total)
    if link.memory.is_new and not consent.linked:
        link.memory = remembering.adopt(link.memory, kind, body)
    allowed = consent.linked or _is_allowed(kind, link.memory, consent)
    update = updates.plan(kind, body, link.memory, consent.everything, allowed)
    if update is None:
        return None
    known = {"Id": link.remote_id, "SyncToken": link.sync_token, "sparse": True}
    return Operation("update", kind.entity, update.body | known, ours=update.ours, total=total)


def _is_allowed(kind: RecordKind, memory: Memory, consent: Consent) -> bool:
    return consent.seen == remembering.fingerprint(memory, kind)
