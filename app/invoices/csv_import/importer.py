"""Invoices from a CSV file, one line a row; rows that share a number are one invoice."""

import csv
import io
from dataclasses import dataclass, field
from decimal import Decimal

from app.accounts.models import Company
from app.csv_import.importers import OURS, How, Importer, Tell, nobody, register
from app.csv_import.reading import read_table
from app.csv_import.rows import Problem, Row
from app.customers.models import Customer
from app.customers.place import Place
from app.invoices.csv_import import checks, long_items
from app.invoices.csv_import.columns import COLUMNS, columns_in
from app.invoices.csv_import.customers import NamedCustomers
from app.invoices.items_used import items_used
from app.invoices.records import InvoiceData, LineData, create_imported
from app.invoices.totals import invoice_totals
from app.lib.money import ZERO

AT_ONCE = 100


@dataclass(frozen=True)
class ParsedInvoice:
    """One invoice of the file, ready to be imported."""

    number: str
    customer: Customer
    rows: list[Row]
    location_id: int | None

    @property
    def place(self) -> Place:
        found = (place.place for place in self.customer.locations if place.id == self.location_id)
        return next(found, Place())

    @property
    def total(self) -> Decimal:
        """As it will be, with its discount and its tax."""
        data = self.to_data()
        amounts = map(checks.amount, self.rows)
        return invoice_totals(amounts, data.discount_kind, data.discount_value, data.tax_rate).total

    def to_data(self) -> InvoiceData:
        shared = {name: checks.shared(self.rows, name) for name in checks.SHARED}
        discount = shared["discount"]
        return InvoiceData(
            customer_id=self.customer.id,
            issue_date=shared["issue_date"],
            due_date=shared["due_date"],
            terms=shared["terms"],
            discount_kind=discount.kind,
            discount_value=discount.value,
            tax_rate=shared["tax_rate"] or ZERO,
            notes=shared["notes"],
            location_id=self.location_id,
            lines=[
                LineData(**{name: row.cells[name] for name in ("item", "description", *checks.NUMBERS)})
                for row in self.rows
            ],
        )


@dataclass(frozen=True)
class Batch:
    """What a file holds: either its invoices, or the reasons not to import any of them."""

    invoices: list[ParsedInvoice]
    problems: list[Problem]
    # Items too long for a name, described whole on their lines.
    long_texts: list[str] = field(default_factory=list)
    item_for_long_texts: str = ""
    items_used: list[str] = field(default_factory=list)  # to choose from

    @property
    def wrong(self) -> dict[str, str]:
        sentence = long_items.wrong(self.item_for_long_texts) if self.long_texts else ""
        return {long_items.QUESTION: sentence} if sentence else {}

    @property
    def line_count(self) -> int:
        return sum(len(invoice.rows) for invoice in self.invoices)

    @property
    def total(self) -> Decimal:
        return sum((invoice.total for invoice in self.invoices), ZERO)


def check(company: Company, content: str, how: How = OURS) -> Batch:
    table = read_table(content, columns_in(company.currency), how.columns)
    by_number = checks.grouped(table.rows)
    customers = NamedCustomers(company, table.rows)
    long_rows = long_items.long_rows(table.rows)
    long_texts, item = [row.cells["item"] for row in long_rows], long_items.item_of(how.answers)
    table.add_problems(long_items.describe(long_rows, item))
    table.add_problems(list(checks.problems(company, table.rows, by_number, customers)))
    if table.problems:
        return Batch([], table.problems)
    found = [
        ParsedInvoice(number, customer, rows, checks.location_id(customers, customer, rows))
        for number, rows in by_number.items()
        if (customer := customers.of(rows[0]))
    ]
    return Batch(found, [], long_texts, item, items_used(company.id) if long_texts else [])


def save(company: Company, batch: Batch, tell: Tell = nobody) -> int:
    """A hundred at a time, so that memory does not grow with the file."""
    count = len(batch.invoices)
    for start in range(0, count, AT_ONCE):
        some = batch.invoices[start : start + AT_ONCE]
        create_imported(company, [(found.number, found.to_data()) for found in some])
        tell(start + len(some), count)
    return count


IMPORTER = register(Importer("invoices", COLUMNS, check, save, questions=(long_items.QUESTION,)))


def template() -> str:
    """The file to start from: the header and an invoice of two lines."""
    shared = ("1001", "C-001", "Elm Street Bakery", "2026-03-02", "2026-04-01")
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(column.name for column in COLUMNS)
    said_once = ("5.5", "10%", "Net 30", "Gate code 4711")
    writer.writerow((*shared, "Furnace tune-up", "1", "149.00", "0", "", "Cleaned and tested", *said_once))
    writer.writerow((*shared, "Air filter", "2", "24.50", "10", "", "", "", "", "", ""))
    return file.getvalue()
