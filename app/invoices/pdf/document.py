"""What stands on an invoice's paper, from top to bottom."""

from __future__ import annotations

import io
from collections.abc import Iterable
from decimal import Decimal

from app.accounts.logos import logo_of
from app.accounts.models import Currency
from app.extensions import now
from app.invoices.models import Invoice, InvoiceStatus
from app.invoices.pdf.lines import write_lines_of
from app.invoices.pdf.paper import BRAND, FAINT, INK, Paper
from app.lib import days
from app.lib.money import shown
from app.web.template_helpers import plain_number

LETTER = (Currency.USD, Currency.CAD)  # where paper is Letter; elsewhere it is A4
WORTHLESS = (InvoiceStatus.DRAFT, InvoiceStatus.VOID)  # said large: nobody shall pay it
LOGO = (45, 16)  # millimetres it is fitted into, at the top
LABEL, VALUE = 24, 34  # columns of the facts at the top
SUM_LABEL, SUM = 62, 34  # columns of the sums at the end
SUM_HEIGHT, SUM_GAP = 6, 3

Sum = tuple[str, Decimal, bool]  # its label, the amount, and whether it is a total


def render(invoice: Invoice) -> bytes:
    """The file's bytes."""
    company = invoice.company
    paper = Paper(
        "letter" if company.currency in LETTER else "a4",
        f"Invoice {invoice.number}",
        f"{company.name} · Invoice {invoice.number}",
    )
    paper.set_creation_date(now())
    _head(paper, invoice)
    _parties(paper, invoice)
    sums = list(_sums_of(invoice))
    write_lines_of(paper, invoice, keep=len(sums) * SUM_HEIGHT + SUM_GAP)
    _sums(paper, invoice, sums)
    _notes(paper, invoice)
    return bytes(paper.output())


def _head(paper: Paper, invoice: Invoice) -> None:
    paper.use(20, BRAND, bold=True)
    paper.cell(60, 10, "Invoice")
    if logo := logo_of(invoice.company):
        left = paper.l_margin + (paper.epw - LOGO[0]) / 2
        paper.image(io.BytesIO(logo.picture), left, paper.t_margin - 4, *LOGO, keep_aspect_ratio=True)
    if invoice.status in WORTHLESS:
        paper.set_text_color(170, 30, 30)
        paper.cell(0, 10, invoice.status.label.upper(), align="R")
    paper.ln(14)


def _parties(paper: Paper, invoice: Invoice) -> None:
    """Who, to whom, and the days: three columns, the tallest of which decides where the lines begin."""
    top, width = paper.get_y(), (paper.epw - LABEL - VALUE - 8) / 2
    customer, company = invoice.customer, invoice.company
    seller = "\n".join(part for part in (company.address, company.tax_number) if part)
    middle = paper.l_margin + width + 4
    bottoms = [
        _party(paper, paper.l_margin, top, width, "From", company.name, seller),
        _party(paper, middle, top, width, "To", customer.name, "\n".join(customer.bill_to)),
        _facts(paper, paper.w - paper.r_margin - LABEL - VALUE, top, invoice),
    ]
    if place := invoice.place:
        rest = "\n".join(place.lines)
        bottoms.append(_party(paper, middle, bottoms[1] + 3, width, "Service location", place.label, rest))
    paper.set_xy(paper.l_margin, max(bottoms) + 8)


def _party(paper: Paper, left: float, top: float, width: float, label: str, name: str, rest: str) -> float:
    paper.set_xy(left, top)
    paper.use(8, FAINT)
    paper.write_lines([label], width, 5)
    paper.use(bold=True)
    paper.write_lines(paper.wrapped(name, width) if name else [], width, 4.8)
    paper.use()
    paper.write_lines(paper.wrapped(rest, width) if rest else [], width, 4.8)
    return paper.get_y()


def _facts(paper: Paper, left: float, top: float, invoice: Invoice) -> float:
    facts = [
        ("Number", invoice.number),
        ("Issued", days.shown(invoice.issue_date)),
        ("Due", days.shown(invoice.due_date)),
        ("Terms", invoice.terms.label if invoice.terms else ""),
        ("Replaces", invoice.replaces.number if invoice.replaces else ""),
    ]
    paper.set_xy(left, top)
    for label, value in facts:
        if value:
            paper.use(color=FAINT)
            paper.cell(LABEL, 5, label)
            paper.use(bold=label == "Number")
            paper.cell(VALUE, 5, value, align="R")
            paper.set_xy(left, paper.get_y() + 5)
    return paper.get_y()


def _sums(paper: Paper, invoice: Invoice, sums: list[Sum]) -> None:
    """All on one page."""
    if paper.room < len(sums) * SUM_HEIGHT + SUM_GAP:
        paper.add_page()
    paper.ln(SUM_GAP)
    for label, amount, is_total in sums:
        paper.set_x(paper.w - paper.r_margin - SUM_LABEL - SUM)
        paper.use(10.5 if is_total else 9.5, INK if is_total else FAINT, bold=is_total)
        paper.cell(SUM_LABEL, SUM_HEIGHT, label)
        paper.use(10.5 if is_total else 9.5, bold=is_total)
        paper.cell(SUM, SUM_HEIGHT, shown(amount, invoice.company.currency.symbol), align="R")
        paper.ln(SUM_HEIGHT)


def _sums_of(invoice: Invoice) -> Iterable[Sum]:
    yield "Subtotal", invoice.subtotal, False
    if invoice.discount_total:
        percent = f" ({plain_number(invoice.discount_value)} %)" if invoice.discount_kind == "percent" else ""
        yield f"Discount{percent}", -invoice.discount_total, False
    if invoice.tax_rate:
        yield f"Tax ({plain_number(invoice.tax_rate)} %)", invoice.tax_total, False
    elif invoice.customer.tax_exempt:
        yield "Tax (tax-exempt customer)", invoice.tax_total, False
    yield f"Total ({invoice.company.currency.value})", invoice.total, True
    if invoice.paid_total:
        yield "Paid", -invoice.paid_total, False
    if invoice.refunded_total:
        yield "Refunded", invoice.refunded_total, False
    yield "Balance", invoice.balance, True


def _notes(paper: Paper, invoice: Invoice) -> None:
    if not invoice.notes:
        return
    paper.ln(6)
    lines = paper.wrapped(invoice.notes, paper.epw)
    if paper.room < 5 + 4.8 * min(len(lines), 3):
        paper.add_page()
    paper.use(8, FAINT)
    paper.write_lines(["Notes"], paper.epw, 5)
    paper.use()
    for line in lines:
        if paper.room < 4.8:
            paper.add_page()
            paper.use()
        paper.write_lines([line], paper.epw, 4.8)
