"""What payments and refunds have in common in QuickBooks: they belong to an invoice, and carry a mark of ours."""

from decimal import Decimal
from typing import TypeVar

from app.activity.models import Subject
from app.invoices.models import Payment, Refund
from app.lib.money import ZERO, shown
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.catalogue import keys
from app.quickbooks.kinds.kind import Kind
from app.quickbooks.mapping.fields import TOTAL
from app.quickbooks.mapping.money_record import is_over
from app.quickbooks.models import Connection, RemoteLink
from app.quickbooks.models.differences import Aspect, Difference
from app.quickbooks.models.memory import Memory

M = TypeVar("M", Payment, Refund)


ROUTE = ("DepositToAccountRef", "PaymentMethodRef")


class MoneyRecord(Kind[M]):
    order = 2
    has_mark = True
    problem_if_void = keys.PAYMENT_VOIDED

    def name(self, record: M) -> str:
        amount = shown(record.amount, self.symbol(record))
        return f"{self.key.value.capitalize()} of {amount} for {record.invoice.number}"

    def subject(self, record: M) -> Subject:
        """It is part of its invoice's history."""
        return record.invoice.subject

    def symbol(self, record: M) -> str:
        return record.invoice.company.currency.symbol

    def differences(self, record: M, link: RemoteLink, connection: Connection) -> list[Difference]:
        there, before = link.memory.total, link.memory.before.get(TOTAL)
        return [] if None in (there, before) or is_over(record) else amounts_apart(record, there or ZERO)

    def may_be_gone(self, record: M) -> bool:
        return is_over(record)


def amounts_apart(record: Payment | Refund, there: Decimal) -> list[Difference]:
    """What to say where QuickBooks has another amount."""
    if record.amount == there:
        return []
    symbol = record.invoice.company.currency.symbol
    text = f"{shown(record.amount, symbol)} here, {shown(there, symbol)} in QuickBooks"
    return [Difference(Aspect.TOTAL, text)]


def as_it_went(body: RemoteRecord, memory: Memory) -> RemoteRecord:
    """What is there stays in its account, with its method, whatever was chosen for new ones since."""
    if memory.is_new:
        return body
    rest = {name: value for name, value in body.items() if name not in ROUTE}
    return rest | {name: memory.sent[name] for name in ROUTE if name in memory.sent}


def marked_twice(times: int) -> Difference:
    return Difference(Aspect.DUPLICATE, f"{times} in QuickBooks have our mark")
