"""What differs between an invoice here and its record in QuickBooks, for all that is shown or checked of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.invoices.models import Invoice, InvoiceStatus
from app.lib import days
from app.lib.money import shown
from app.quickbooks.mapping import jurisdictions
from app.quickbooks.mapping.voids import is_void
from app.quickbooks.models import Connection, RecordKind, RemoteLink
from app.quickbooks.models.differences import Aspect, Difference


@dataclass(frozen=True)
class RemoteInvoice:
    """What is compared of a QuickBooks invoice, and no more, because a company may have a million of them."""

    id: str
    number: str
    dated: date
    customer_id: str
    customer_name: str
    total: Decimal
    balance: Decimal
    is_void: bool
    taxes: Mapping[str, Decimal] = field(default_factory=dict, hash=False)  # by jurisdiction, all of it

    @classmethod
    def of(
        cls, record: Mapping[str, Any], rate_names: Mapping[str, str] = jurisdictions.NO_NAMES
    ) -> RemoteInvoice:
        """Of QuickBooks' answer (contract section 4.2); `rate_names` where its taxes are looked at."""
        customer = record.get("CustomerRef", {})
        return cls(
            id=record["Id"],
            number=str(record.get("DocNumber") or ""),
            dated=date.fromisoformat(record["TxnDate"]),
            customer_id=customer.get("value", ""),
            customer_name=customer.get("name", ""),
            total=Decimal(record.get("TotalAmt") or 0),
            balance=Decimal(record.get("Balance") or 0),
            is_void=is_void(record),
            taxes=jurisdictions.all_taxes(record, rate_names),
        )

    @property
    def number_key(self) -> str:
        """Numbers that QuickBooks' queries take for one have the same (contract section 2.6)."""
        return number_key(self.number)


@dataclass(frozen=True)
class Yardstick:
    """What a company's invoices are measured by, besides themselves."""

    symbol: str  # of the company's currency
    customer_ids: Mapping[int, str]  # QuickBooks' Ids of our customers
    with_balances: bool  # payments sync, so the balances are meant to agree

    @classmethod
    def of(cls, connection: Connection, customer_ids: Collection[int]) -> Yardstick:
        """For invoices of these customers of ours."""
        links = select(RemoteLink.record_id, RemoteLink.remote_id).where(
            RemoteLink.connection_id == connection.id,
            RemoteLink.kind == RecordKind.CUSTOMER,
            RemoteLink.record_id.in_(list(customer_ids)),
        )
        return cls(
            symbol=connection.company.currency.symbol,
            customer_ids=dict(db.session.execute(links).tuples().all()),
            with_balances=connection.preferences.sync_payments,
        )


def differences(
    invoice: Invoice, remote: RemoteInvoice, yardstick: Yardstick, with_its_number: int = 1
) -> list[Difference]:
    """Empty when the invoice is in QuickBooks as it is here, and once; `with_its_number` counts those there."""
    found = [*_in_money(invoice, remote, yardstick), *_in_the_rest(invoice, remote, yardstick)]
    if with_its_number > 1:
        found.append(there_twice(with_its_number))
    return found


def there_twice(with_its_number: int) -> Difference:
    return Difference(Aspect.DUPLICATE, f"{with_its_number} invoices in QuickBooks have this number")


def number_key(number: str) -> str:
    return number.casefold()


def _in_money(invoice: Invoice, remote: RemoteInvoice, yardstick: Yardstick) -> Iterator[Difference]:
    here, there = invoice.counted_total, remote.total
    is_void_here = invoice.status is InvoiceStatus.VOID
    if is_void_here and not remote.is_void:
        yield Difference(Aspect.VOID, f"void here, {shown(there, yardstick.symbol)} in QuickBooks")
        return
    if remote.is_void and not is_void_here:
        yield Difference(Aspect.VOID, f"void in QuickBooks, {shown(here, yardstick.symbol)} here")
        return
    if here != there:
        yield _two_amounts(Aspect.TOTAL, here, there, yardstick)
    paid_there = there - remote.balance
    if yardstick.with_balances and here - invoice.balance != paid_there:  # else it follows from the total
        yield _two_amounts(Aspect.BALANCE, invoice.balance, remote.balance, yardstick)


def _in_the_rest(invoice: Invoice, remote: RemoteInvoice, yardstick: Yardstick) -> Iterator[Difference]:
    if remote.number_key != number_key(invoice.number):
        yield _two_sides(Aspect.NUMBER, invoice.number, remote.number or "none")
    if remote.dated != invoice.issue_date:
        yield _two_sides(Aspect.DATE, days.shown(invoice.issue_date), days.shown(remote.dated))
    expected = yardstick.customer_ids.get(invoice.customer_id)
    if expected is not None and remote.customer_id != expected:
        yield _two_sides(Aspect.CUSTOMER, invoice.customer.name, remote.customer_name or "another one")


def _two_amounts(aspect: Aspect, here: Decimal, there: Decimal, yardstick: Yardstick) -> Difference:
    return _two_sides(aspect, shown(here, yardstick.symbol), shown(there, yardstick.symbol))


def _two_sides(aspect: Aspect, here: str, there: str) -> Difference:
    return Difference(aspect, f"{aspect} {here} here, {there} in QuickBooks")
