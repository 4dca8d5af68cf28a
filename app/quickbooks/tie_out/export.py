"""The tables of a tie-out as a spreadsheet has them: a header and rows of plain values."""

from collections.abc import Iterable, Iterator

from app.quickbooks.tie_out.models import TieOutLine, Verdict
from app.quickbooks.tie_out.report import Month
from app.web.csv_download import Cell

MONTHS_HEADER = (
    "Month",
    "Invoices here",
    "Total here",
    "Invoices in QuickBooks",
    "Total in QuickBooks",
    "Difference",
    "Ties",
    *(column for verdict in Verdict for column in (verdict.label, f"{verdict.label} total here")),
    "Different total in QuickBooks",
    "Made in QuickBooks itself",
    "Made in QuickBooks itself total",
)
LINES_HEADER = (
    "Number",
    "Customer",
    "Date",
    "Result",
    "Total here",
    "Total in QuickBooks",
    "Balance here",
    "Balance in QuickBooks",
    "What differs",
)


def month_rows(months: Iterable[Month]) -> Iterator[list[Cell]]:
    for month in months:
        all_, made = month.all, month.made_there
        yield [
            month.key or month.title,
            all_.count,
            all_.here,
            all_.found,
            all_.there,
            all_.difference,
            "yes" if month.ties else "no",
            *(cell for tally in month.by_verdict.values() for cell in (tally.count, tally.here)),
            month.by_verdict[Verdict.DIFFERENT].there,
            made.found,
            made.there,
        ]


def line_rows(lines: Iterable[TieOutLine]) -> Iterator[list[Cell]]:
    for line in lines:
        yield [
            line.invoice.number,
            line.invoice.customer.name,
            line.issue_date.isoformat(),
            line.verdict.label,
            line.total_here,
            line.total_there,
            line.balance_here,
            line.balance_there,
            line.detail,
        ]
