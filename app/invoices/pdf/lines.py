"""The table of an invoice's lines: its head on every page, no row broken unless it is taller than a page."""

from __future__ import annotations

from dataclasses import dataclass

from app.invoices.models import Invoice, InvoiceLine
from app.invoices.pdf.paper import FAINT, Paper
from app.lib.money import shown, unit_shown
from app.web.template_helpers import plain_number

NUMBERS = (("Quantity", 22.0), ("Unit price", 28.0), ("Discount", 20.0), ("Amount", 32.0))
HEIGHT, SMALL_HEIGHT = 4.8, 4.3  # of a line of text
PADDING = 1.6  # over and under a row's text


@dataclass(frozen=True)
class Row:
    """A line as it is written: the item's own lines, those of its description, and the four numbers."""

    item: list[str]
    description: list[str]
    numbers: tuple[str, ...]

    @property
    def height(self) -> float:
        return len(self.item) * HEIGHT + len(self.description) * SMALL_HEIGHT + 2 * PADDING

    def cut(self, room: float) -> tuple[Row, Row]:
        """What fits into the room, and the rest of the description."""
        fits = int((room - 2 * PADDING - len(self.item) * HEIGHT) // SMALL_HEIGHT)
        rest = Row([], self.description[fits:], ("",) * len(NUMBERS))
        return Row(self.item, self.description[:fits], self.numbers), rest


def write_lines_of(paper: Paper, invoice: Invoice, keep: float) -> None:
    """The last row comes along with what follows it, which is `keep` high: sums alone on a page say nothing."""
    _head(paper)
    for line in invoice.lines:
        row = _row(paper, line, invoice.company.currency.symbol)
        needed = row.height + (keep if line is invoice.lines[-1] else 0)
        if needed > paper.room:
            _next_page(paper)
        while row.height > paper.room:
            part, row = row.cut(paper.room)
            _write(paper, part)
            _next_page(paper)
        _write(paper, row)
    paper.rule()


def _item_width(paper: Paper) -> float:
    return paper.epw - sum(width for _, width in NUMBERS)


def _row(paper: Paper, line: InvoiceLine, symbol: str) -> Row:
    width = _item_width(paper)
    paper.use(bold=True)
    item = paper.wrapped(line.item, width)
    paper.use(8.5)
    description = paper.wrapped(line.description, width) if line.description else []
    discount = f"{plain_number(line.discount_percent)} %" if line.discount_percent else ""
    numbers = (
        plain_number(line.quantity),
        unit_shown(line.unit_price, symbol),
        discount,
        shown(line.amount, symbol),
    )
    return Row(item, description, numbers)


def _next_page(paper: Paper) -> None:
    paper.rule()
    paper.add_page()
    _head(paper)


def _head(paper: Paper) -> None:
    paper.use(8, FAINT, bold=True)
    paper.cell(_item_width(paper), 6, "Item")
    for label, width in NUMBERS:
        paper.cell(width, 6, label, align="R")
    paper.ln(6)


def _write(paper: Paper, row: Row) -> None:
    paper.rule()
    top, width = paper.get_y(), _item_width(paper)
    paper.set_xy(paper.l_margin, top + PADDING)
    paper.use(bold=True)
    paper.write_lines(row.item, width, HEIGHT)
    paper.use(8.5, FAINT)
    paper.write_lines(row.description, width, SMALL_HEIGHT)
    paper.set_xy(paper.l_margin + width, top + PADDING)
    paper.use()
    for text, (_, column) in zip(row.numbers, NUMBERS, strict=True):
        paper.cell(column, HEIGHT, text, align="R")
    paper.set_xy(paper.l_margin, top + row.height)
