"""Writing invoices: each function writes, flushes and announces; the caller commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal

from app.accounts.models import Company, Terms, User
from app.extensions import db, now
from app.invoices import history, places
from app.invoices.dates import today
from app.invoices.events import announce, invoices_changed
from app.invoices.lifecycle import NotAllowed, check_editable, hold_mail_back, lock, move
from app.invoices.models import DiscountKind, Invoice, InvoiceLine, InvoiceStatus
from app.invoices.numbering import next_number
from app.invoices.statuses import FOLLOWS_MONEY, status_by_money
from app.invoices.totals import recalculate
from app.invoices.waiting_mail import CHANGED

MAX_LINES = 200
MAX_TEXT = 50_000  # characters of its items, descriptions and notes; the PDF of so many takes a second


@dataclass
class LineData:
    """What a person or a file says about a line; dollars and percentages are exact."""

    item: str
    quantity: Decimal
    unit_price: Decimal
    discount_percent: Decimal = Decimal(0)
    description: str = ""

    @classmethod
    def of(cls, line: InvoiceLine) -> LineData:
        return cls(**{name: getattr(line, name) for name in cls.__dataclass_fields__})


@dataclass
class InvoiceData:
    """What a person or a file says about an invoice. The customer is one of the company's."""

    customer_id: int
    issue_date: date
    due_date: date
    terms: Terms | None = None
    discount_kind: DiscountKind = DiscountKind.NONE
    discount_value: Decimal = Decimal(0)
    tax_rate: Decimal = Decimal(0)
    notes: str = ""
    location_id: int | None = None  # where the work is done: one of the customer's
    lines: list[LineData] = field(default_factory=list)

    @classmethod
    def of(cls, invoice: Invoice) -> InvoiceData:
        plain = {name: getattr(invoice, name) for name in cls.__dataclass_fields__}
        return cls(**{**plain, "lines": [LineData.of(line) for line in invoice.lines]})

    def differences(self, other: InvoiceData) -> set[str]:
        return {name for name in self.__dataclass_fields__ if getattr(self, name) != getattr(other, name)}


def too_long(texts: Iterable[str]) -> str:
    """What is wrong with an invoice of these items, descriptions and notes; empty where they fit."""
    if (count := sum(map(len, texts))) <= MAX_TEXT:
        return ""
    return (
        f"The items, descriptions and notes of an invoice have at most {MAX_TEXT:,} characters together. "
        f"These have {count:,}."
    )


def create_draft(company: Company, data: InvoiceData, by: User | None = None) -> Invoice:
    """A draft has its number from the start; nobody outside hears of it yet. Raises NotAllowed."""
    invoice = Invoice(company=company, number=next_number(company, data.issue_date))
    _write(invoice, data)
    db.session.add(invoice)
    db.session.flush()
    history.note(invoice, "created the invoice", by)
    return invoice


def update_invoice(invoice: Invoice, data: InvoiceData, by: User | None = None) -> None:
    """Saving what is already there changes and announces nothing.

    Raises NotAllowed when the invoice's status keeps one of the changed fields as it was agreed, and while an
    e-mail with the invoice is leaving.
    """
    lock(invoice)
    before = InvoiceData.of(invoice)
    changed = data.differences(before)
    if not changed:
        return
    check_editable(invoice, changed)
    if not data.lines and invoice.status is not InvoiceStatus.DRAFT:
        raise NotAllowed("A finalised invoice keeps at least one line.")
    if invoice.status is not InvoiceStatus.DRAFT:
        hold_mail_back(invoice, CHANGED)
    total_before = invoice.total
    _write(invoice, data)
    invoice.updated_at = now()  # also when only a line changed
    if "due_date" in changed and invoice.status in FOLLOWS_MONEY:  # put off, or brought forward
        move(invoice, status_by_money(invoice, today(invoice.company)))
    totals = history.amount_changes(invoice, "Total", total_before, invoice.total)
    history.note(invoice, history.edited(changed), by, [*totals, *history.changes(before, data)])
    db.session.flush()
    if invoice.status is not InvoiceStatus.DRAFT:
        announce(invoice.company_id, [invoice])


def create_imported(company: Company, rows: Sequence[tuple[str, InvoiceData]]) -> list[Invoice]:
    """Invoices made elsewhere, with the numbers they have there: Generated, announced once for all of them."""
    generated_at = now()
    invoices = []
    for number, data in rows:
        invoice = Invoice(
            company=company, number=number, status=InvoiceStatus.GENERATED, generated_at=generated_at
        )
        _write(invoice, data)
        invoices.append(invoice)
    db.session.add_all(invoices)
    db.session.flush()
    for invoice in invoices:
        history.note(invoice, "imported it from a file", is_part=True)
    db.session.flush()
    invoices_changed.send(company.id, ids=[invoice.id for invoice in invoices])
    return invoices


def _write(invoice: Invoice, data: InvoiceData) -> None:
    places.put(invoice, data.customer_id, data.location_id)
    for name, value in asdict(data).items():
        if name not in ("lines", "location_id"):
            setattr(invoice, name, value)
    present = iter(invoice.lines)
    invoice.lines = [
        _written(next(present, None) or InvoiceLine(), position, line)
        for position, line in enumerate(data.lines, 1)
    ]
    recalculate(invoice)


def _written(line: InvoiceLine, position: int, data: LineData) -> InvoiceLine:
    line.position = position
    for name, value in asdict(data).items():
        setattr(line, name, value)
    return line
