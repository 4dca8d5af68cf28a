"""The demonstration's second act: invoices are paid, refunded, voided, disputed and reissued, each by its fate, and
QuickBooks' books are compared with arithmetic of its own.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import select

from app.accounts.models import Company
from app.extensions import db
from app.invoices.dates import today
from app.invoices.disputes import MoneyReceived, dispute, reissue
from app.invoices.lifecycle import mark_sent, void
from app.invoices.models import Invoice, PaymentMethod
from app.invoices.payments import PaymentData, record_payment, take_back
from app.invoices.records import InvoiceData, LineData
from app.invoices.refunds import RefundData, record_refund
from devtools.ledger import CENT, ExpectedInvoice, Ledger

ZERO = Decimal("0.00")
FORGOTTEN = Decimal("25.00")
ALL, HALF, NOTHING = Decimal(1), Decimal("0.5"), Decimal(0)


@dataclass(frozen=True)
class Fate:
    """What happens to an invoice: shares of its total that come in and go back, and how it ends."""

    name: str
    paid: Decimal = NOTHING
    refunded: Decimal = NOTHING
    taken_back: bool = False
    void: bool = False
    reissued: MoneyReceived | None = None


FATES = (
    Fate("sent"),
    Fate("paid in two parts", paid=ALL),
    Fate("paid in part", paid=HALF),
    Fate("void", void=True),
    Fate("refunded", paid=ALL, refunded=ALL),
    Fate("refunded in part", paid=ALL, refunded=HALF),
    Fate("refunded, then void", paid=HALF, refunded=HALF, void=True),
    Fate("payment taken back", paid=HALF, taken_back=True),
    Fate("reissued, money moved", paid=HALF, reissued=MoneyReceived.MOVE),
    Fate("reissued, money given back", paid=HALF, reissued=MoneyReceived.GIVE_BACK),
)


@dataclass(frozen=True)
class Standing:
    """An invoice as a bookkeeper would have it in the end; dollars."""

    customer: str
    total: Decimal
    balance: Decimal


Sums = defaultdict[str, Decimal]  # dollars by customer


def _sums() -> Sums:
    return defaultdict(lambda: ZERO)


@dataclass
class Books:
    """Invoices by number; money in, money back and what is owed by customer; dollars."""

    invoices: dict[str, Standing] = field(default_factory=dict)
    payments: Sums = field(default_factory=_sums)
    refunds: Sums = field(default_factory=_sums)
    balances: Sums = field(default_factory=_sums)
    duplicates: list[str] = field(default_factory=list)

    def add(self, number: str, standing: Standing) -> None:
        self.invoices[number] = standing
        self.balances[standing.customer] += standing.balance

    def sums(self) -> dict[str, Decimal]:
        return {
            "total": sum((one.total for one in self.invoices.values()), ZERO),
            "balance": sum((one.balance for one in self.invoices.values()), ZERO),
            "payments": sum(self.payments.values(), ZERO),
            "refunds": sum(self.refunds.values(), ZERO),
        }

    @classmethod
    def of_quickbooks(cls, records: dict[str, list[dict[str, Any]]]) -> "Books":
        names = {record["Id"]: record["DisplayName"] for record in records["Customer"]}
        books = cls()
        for one in records["Customer"]:
            books.balances[one["DisplayName"]] = one["Balance"]
        for one in records["Invoice"]:
            customer = names[one["CustomerRef"]["value"]]
            if one["DocNumber"] in books.invoices:
                books.duplicates.append(f"invoice {one['DocNumber']} exists more than once")
            books.invoices[one["DocNumber"]] = Standing(customer, one["TotalAmt"], one["Balance"])
        for kind, sums in (("Payment", books.payments), ("RefundReceipt", books.refunds)):
            for one in records[kind]:
                sums[names[one["CustomerRef"]["value"]]] += one["TotalAmt"]
        return books


def play(company: Company, ledger: Ledger) -> tuple[Books, Counter[str]]:
    """Every invoice to its end; commits after each. What has to come of it, and how many met which fate."""
    expected, counts = Books(), Counter[str]()
    invoices = {
        invoice.number: invoice
        for invoice in db.session.scalars(select(Invoice).filter_by(company_id=company.id))
    }
    for place, number in enumerate(sorted(ledger.invoices)):
        fate = FATES[place % len(FATES)]
        successor = _meet(invoices[number], fate)
        db.session.commit()
        _expect(expected, ledger.invoices[number], number, fate, successor)
        counts[fate.name] += 1
    return expected, counts


def differences(expected: Books, found: Books) -> list[str]:
    """In words, number by number and customer by customer; empty when the books tie."""
    pairs: dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
        "invoice": (expected.invoices, found.invoices),
        "owed by": (expected.balances, found.balances),
        "received from": (expected.payments, found.payments),
        "given back to": (expected.refunds, found.refunds),
    }
    return found.duplicates + [
        f"{what} {key}: {there.get(key)}, not {here.get(key)}"
        for what, (here, there) in pairs.items()
        for key in sorted({*here, *there})
        if (here.get(key) or ZERO) != (there.get(key) or ZERO)
    ]


def _meet(invoice: Invoice, fate: Fate) -> Invoice | None:
    """Through the product's own steps; the corrected copy when there is one."""
    day, mark = today(invoice.company), invoice.number[-12:]
    mark_sent(invoice)
    for part in _parts(_share(invoice.total, fate.paid)):
        payment = record_payment(
            invoice, PaymentData(part, PaymentMethod.CHECK, day, reference=f"Check {mark}")
        )
        if fate.taken_back:
            take_back(payment)
    if refunded := _share(invoice.total, fate.refunded):
        record_refund(invoice, RefundData(refunded, PaymentMethod.CHECK, day, reason="Part did not fit"))
    if fate.void:
        void(invoice)
    if fate.reissued:
        dispute(invoice, "One unit was missing")
        return reissue(invoice, _corrected(invoice), fate.reissued)
    return None


def _corrected(invoice: Invoice) -> InvoiceData:
    """With a visit that the first invoice forgot."""
    data = InvoiceData.of(invoice)
    return replace(data, lines=[*data.lines, LineData("Return visit", Decimal(1), FORGOTTEN)])


def _expect(books: Books, bill: ExpectedInvoice, number: str, fate: Fate, successor: Invoice | None) -> None:
    """What the fate makes of a bill, by arithmetic of its own."""
    received = ZERO if fate.taken_back else _share(bill.total, fate.paid)
    if successor or fate.void:
        books.add(number, Standing(bill.customer, ZERO, ZERO))
    if fate.void:
        return
    if fate.reissued is MoneyReceived.GIVE_BACK:
        received = ZERO
    total = bill.total + FORGOTTEN if successor else bill.total
    books.add(successor.number if successor else number, Standing(bill.customer, total, total - received))
    books.payments[bill.customer] += received
    books.refunds[bill.customer] += _share(bill.total, fate.refunded)


def _share(total: Decimal, share: Decimal) -> Decimal:
    return (total * share).quantize(CENT, ROUND_HALF_UP)


def _parts(amount: Decimal) -> Iterator[Decimal]:
    """Money comes in two payments where it can."""
    first = _share(amount, HALF)
    yield from (part for part in (first, amount - first) if part)
