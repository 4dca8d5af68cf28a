"""What a push of an invoice would overwrite: both sides, freshly read, and what somebody changed in QuickBooks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.extensions import now
from app.invoices.models import Invoice, InvoiceStatus
from app.quickbooks.account import gateway, tokens
from app.quickbooks.api.errors import ApiError, Refused
from app.quickbooks.catalogue import entry_for, problem
from app.quickbooks.kinds.comparison import Aspect, Yardstick, amount, counted_total, differences
from app.quickbooks.kinds.records import links_of
from app.quickbooks.mapping import drift
from app.quickbooks.mapping.invoice import invoice_snapshot, is_void
from app.quickbooks.models import Connection, RecordKind, RemoteLink

DELETED = "deleted in QuickBooks"


@dataclass(frozen=True)
class Side:
    """An invoice as one of the two books has it."""

    number: str
    day: date | None
    customer: str
    total: Decimal
    balance: Decimal
    is_void: bool


@dataclass(frozen=True)
class Preview:
    """`there` is None when it was deleted in QuickBooks, or when QuickBooks could not be read: `trouble` says why.

    `differing` are the aspects that ought to agree and do not, a balance only where payments sync; `differences`
    are their words. `changed` is what somebody changed in QuickBooks since the last push.
    """

    here: Side
    sent_at: datetime
    there: Side | None = None
    trouble: str = ""
    differing: frozenset[Aspect] = frozenset()
    differences: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    fingerprint: str = ""

    @property
    def is_deleted(self) -> bool:
        return self.there is None and not self.trouble

    @property
    def agrees(self) -> bool:
        return self.there is not None and not self.differences

    @property
    def may_overwrite(self) -> bool:
        """A voided invoice stays void in QuickBooks, whatever is sent."""
        return self.there is not None and (self.here.is_void or not self.there.is_void)


class Unreadable(Exception):
    """QuickBooks cannot be asked at present; the text says why, for a person."""


def look(connection: Connection, invoice: Invoice) -> Preview:
    """At most one request to QuickBooks. Commits. Raises LookupError when the invoice was never sent."""
    link = _link_of(connection, invoice)
    if link is None:
        raise LookupError(f"{invoice.number} is not in QuickBooks")
    seen = Preview(_here(invoice), link.pushed_at)
    try:
        remote = _read(connection, link.remote_id, f"Invoice {invoice.number}")
    except Unreadable as error:
        return replace(seen, trouble=str(error))
    if remote is None:
        return replace(seen, differences=(DELETED,))
    return _compared(seen, connection, invoice, link, remote)


def _link_of(connection: Connection, invoice: Invoice) -> RemoteLink | None:
    return links_of(connection.id, RecordKind.INVOICE, [invoice.id]).get((RecordKind.INVOICE, invoice.id))


def _read(connection: Connection, remote_id: str, name: str) -> dict[str, Any] | None:
    """None when it was deleted there. A pause of the lane is ours too. Raises Unreadable."""
    if connection.paused_until and connection.paused_until > now():
        raise Unreadable(_sentence(connection.pause_code))
    try:
        return gateway.impatient_client_for(connection.id).read(RecordKind.INVOICE.entity, remote_id)
    except tokens.TokenUnavailable as error:
        raise Unreadable(_sentence(error.pause)) from error
    except tokens.TokenError as error:
        raise Unreadable(_sentence("reconnect_needed")) from error
    except ApiError as error:
        entry = entry_for(error.fault)
        if isinstance(error, Refused) and entry.key == "inactive_reference":
            return None
        raise Unreadable(_sentence(entry.key, record=name, detail=error.fault.detail)) from error


def _sentence(key: str, **details: str) -> str:
    return problem(key).words(**details)[0]


def _compared(
    seen: Preview, connection: Connection, invoice: Invoice, link: RemoteLink, remote: dict[str, Any]
) -> Preview:
    yardstick, present = Yardstick.of(connection), invoice_snapshot(remote)
    found = differences(invoice, remote, yardstick)
    return replace(
        seen,
        there=_there(remote),
        differing=frozenset(one.aspect for one in found),
        differences=tuple(one.text for one in found),
        changed=tuple(change.words(yardstick.symbol) for change in drift.changes(link.snapshot, present)),
        fingerprint=drift.fingerprint(present),
    )


def _here(invoice: Invoice) -> Side:
    return Side(
        number=invoice.number,
        day=invoice.issue_date,
        customer=invoice.customer.name,
        total=counted_total(invoice),
        balance=invoice.balance,
        is_void=invoice.status is InvoiceStatus.VOID,
    )


def _there(remote: dict[str, Any]) -> Side:
    return Side(
        number=remote.get("DocNumber") or "",
        day=date.fromisoformat(remote["TxnDate"]) if "TxnDate" in remote else None,
        customer=remote.get("CustomerRef", {}).get("name", ""),
        total=amount(remote, "TotalAmt"),
        balance=amount(remote, "Balance"),
        is_void=is_void(remote),
    )
