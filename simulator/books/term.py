"""Payment terms and the due dates they give (contract section 4.8)."""

import calendar
from collections.abc import Collection
from datetime import date, timedelta

from simulator.books.books import Books
from simulator.books.fields import flag, label, number, percent
from simulator.books.listed import Listed
from simulator.books.shape import Shape
from simulator.books.shapes import EVERYWHERE, IDENTITY
from simulator.books.table import Record
from simulator.faults import fault, required

WITHOUT_TERM = timedelta(days=30)  # recorded: an invoice without a term is due after thirty days


class Term(Listed):
    name = "Term"
    frees_names = False
    shape = Shape(
        "Term",
        {
            **IDENTITY,
            "Name": label(31),
            "Active": flag,
            "DueDays": number,
            "DayOfMonthDue": number,
            "DueNextMonthDays": number,
            "DiscountPercent": percent,
            "DiscountDays": number,
            "DiscountDayOfMonth": number,
        },
        also_known=f"{EVERYWHERE} Type",
    )
    filterable = frozenset({"Name", "Active"})

    def complete(
        self, books: Books, draft: Record, before: Record | None, options: Collection[str]
    ) -> Record:
        record = self.listed(books, draft, before)
        if "DueDays" not in record and "DayOfMonthDue" not in record:
            raise required("DueDays")
        for field, lowest, highest in (("DueDays", 0, 999), ("DayOfMonthDue", 1, 31)):
            if field in record and not lowest <= record[field] <= highest:
                raise fault(
                    "2240", f"Number is not within the valid range. Supplied value: {record[field]}", field
                )
        return {**record, "Type": "STANDARD" if "DueDays" in record else "DATE_DRIVEN"}


def due_date(term: Record | None, issued: str) -> str:
    """When an invoice of that date is due."""
    day = date.fromisoformat(issued)
    if term is None:
        return (day + WITHOUT_TERM).isoformat()
    if "DueDays" in term:
        return (day + timedelta(days=int(term["DueDays"]))).isoformat()
    due = _day_of_month(day, int(term["DayOfMonthDue"]))
    if due < day + timedelta(days=int(term.get("DueNextMonthDays", 0))):
        due = _day_of_month(day.replace(day=1) + timedelta(days=32), int(term["DayOfMonthDue"]))
    return due.isoformat()


def _day_of_month(month: date, number_: int) -> date:
    return month.replace(day=min(number_, calendar.monthrange(month.year, month.month)[1]))
