"""What differs between an invoice here and its record in QuickBooks: the one place that compares the two."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.invoices.models import Invoice, InvoiceStatus
from app.lib import days
from app.lib.money import ZERO, shown
from app.quickbooks.mapping.invoice import is_void
from app.quickbooks.models import Connection, RecordKind, RemoteLink

Record = dict[str, Any]


class Aspect(StrEnum):
    """What of an invoice can differ."""

    VOID = "void"
    TOTAL = "total"
    BALANCE = "balance"
    NUMBER = "number"
    DATE = "date"
    CUSTOMER = "customer"
    DUPLICATE = "duplicate"  # its number is in QuickBooks more than once


@dataclass(frozen=True)
class Difference:
    """`text` has both sides in words: "total $110.00 here, $100.00 in QuickBooks"."""

    aspect: Aspect
    text: str


@dataclass(frozen=True)
class Yardstick:
    """What a company's invoices are measured by, besides themselves."""

    symbol: str  # of the company's currency
    customer_ids: Mapping[int, str]  # QuickBooks' Ids of our customers
    with_balances: bool  # payments sync, so the balances are meant to agree

    @classmethod
    def of(cls, connection: Connection) -> "Yardstick":
        links = select(RemoteLink.record_id, RemoteLink.remote_id).filter_by(
            connection_id=connection.id, kind=RecordKind.CUSTOMER
        )
        return cls(
            symbol=connection.company.currency.symbol,
            customer_ids=dict(db.session.execute(links).tuples().all()),
            with_balances=connection.preferences.sync_payments,
        )


class RemoteInvoices:
    """The invoices that were read from QuickBooks, by Id and by number."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.by_id = {record["Id"]: record for record in records}
        self._numbers = Counter(_number_key(record) for record in self.by_id.values())

    def with_number(self, number: str) -> int:
        return self._numbers[number.casefold()]

    def differences(self, invoice: Invoice, remote: Record, yardstick: Yardstick) -> list[Difference]:
        """Empty when the invoice is in QuickBooks as it is here, and once."""
        found = differences(invoice, remote, yardstick)
        several = self.with_number(invoice.number)
        if several > 1:
            found.append(Difference(Aspect.DUPLICATE, f"{several} invoices in QuickBooks have this number"))
        return found


def differences(invoice: Invoice, remote: Record, yardstick: Yardstick) -> list[Difference]:
    """Between an invoice and the QuickBooks record it is linked to."""
    return [*_in_money(invoice, remote, yardstick), *_in_the_rest(invoice, remote, yardstick)]


def counted_total(invoice: Invoice) -> Decimal:
    """What the invoice adds to the books: nothing once it is void, which is how QuickBooks keeps it too."""
    return ZERO if invoice.status is InvoiceStatus.VOID else invoice.total


def amount(remote: Record, field: str) -> Decimal:
    return Decimal(remote.get(field) or 0)


def _in_money(invoice: Invoice, remote: Record, yardstick: Yardstick) -> Iterator[Difference]:
    here, there = counted_total(invoice), amount(remote, "TotalAmt")
    is_void_here = invoice.status is InvoiceStatus.VOID
    if is_void_here and not is_void(remote):
        yield Difference(Aspect.VOID, f"void here, {shown(there, yardstick.symbol)} in QuickBooks")
        return
    if is_void(remote) and not is_void_here:
        yield Difference(Aspect.VOID, f"void in QuickBooks, {shown(here, yardstick.symbol)} here")
        return
    if here != there:
        yield _two_amounts(Aspect.TOTAL, here, there, yardstick)
    paid_there = there - amount(remote, "Balance")
    if yardstick.with_balances and here - invoice.balance != paid_there:  # else it follows from the total
        yield _two_amounts(Aspect.BALANCE, invoice.balance, amount(remote, "Balance"), yardstick)


def _in_the_rest(invoice: Invoice, remote: Record, yardstick: Yardstick) -> Iterator[Difference]:
    if _number_key(remote) != invoice.number.casefold():
        yield _two_sides(Aspect.NUMBER, invoice.number, remote.get("DocNumber") or "none")
    dated = date.fromisoformat(remote["TxnDate"])
    if dated != invoice.issue_date:
        yield _two_sides(Aspect.DATE, days.shown(invoice.issue_date), days.shown(dated))
    customer = remote.get("CustomerRef", {})
    expected = yardstick.customer_ids.get(invoice.customer_id)
    if expected is not None and customer.get("value") != expected:
        yield _two_sides(Aspect.CUSTOMER, invoice.customer.name, customer.get("name") or "another one")


def _two_amounts(aspect: Aspect, here: Decimal, there: Decimal, yardstick: Yardstick) -> Difference:
    return _two_sides(aspect, shown(here, yardstick.symbol), shown(there, yardstick.symbol))


def _two_sides(aspect: Aspect, here: str, there: str) -> Difference:
    return Difference(aspect, f"{aspect} {here} here, {there} in QuickBooks")


def _number_key(remote: Record) -> str:
    return str(remote.get("DocNumber") or "").casefold()
