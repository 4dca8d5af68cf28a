"""Invoices from a CSV file, one line a row; rows that share a number are one invoice."""

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.accounts.models import Company
from app.csv_import.reading import Column, Problem, Row, read_table, text
from app.csv_import.rooms import Room, Tell, nobody, register
from app.customers.models import Customer
from app.customers.place import Place
from app.extensions import db
from app.invoices import csv_cells, csv_checks, typed_numbers
from app.invoices.dates import parse_day
from app.invoices.records import InvoiceData, LineData, create_imported
from app.invoices.totals import invoice_totals
from app.lib.money import ZERO

AT_ONCE = 500
COLUMNS = (
    Column("invoice_number", text(21, required=True)),
    Column("customer_number", text(40, required=True)),
    Column("issue_date", parse_day),
    Column("due_date", parse_day),
    Column("item", text(100, required=True)),
    Column("quantity", typed_numbers.quantity),
    Column("unit_price", typed_numbers.unit_price),
    Column("discount_percent", typed_numbers.percent),
    Column("location", text(80), optional=True),
    Column("description", text(4000), optional=True),
    Column("tax_rate", csv_cells.tax_rate, optional=True),
    Column("discount", csv_cells.discount, optional=True),
    Column("terms", csv_cells.terms, optional=True),
    Column("notes", text(4000), optional=True),
)


@dataclass(frozen=True)
class FoundInvoice:
    """One invoice of the file, ready to be imported."""

    number: str
    customer: Customer
    rows: list[Row]

    @property
    def place(self) -> Place:
        chosen = csv_checks.location_id(self.customer, self.rows)
        return next((place.place for place in self.customer.locations if place.id == chosen), Place())

    @property
    def total(self) -> Decimal:
        """As it will be, with its discount and its tax."""
        data = self.to_data()
        amounts = map(csv_checks.amount, self.rows)
        return invoice_totals(amounts, data.discount_kind, data.discount_value, data.tax_rate).total

    def to_data(self) -> InvoiceData:
        shared = {name: csv_checks.shared(self.rows, name) for name in csv_checks.SHARED}
        discount = shared["discount"]
        return InvoiceData(
            customer_id=self.customer.id,
            issue_date=shared["issue_date"],
            due_date=shared["due_date"],
            terms=shared["terms"],
            discount_kind=discount.kind,
            discount_value=discount.value,
            tax_rate=shared["tax_rate"],
            notes=shared["notes"],
            location_id=csv_checks.location_id(self.customer, self.rows),
            lines=[
                LineData(**{name: row.cells[name] for name in ("item", "description", *csv_checks.NUMBERS)})
                for row in self.rows
            ],
        )


@dataclass(frozen=True)
class Batch:
    """What a file holds: either its invoices, or the reasons not to import any of them."""

    invoices: list[FoundInvoice]
    problems: list[Problem]

    @property
    def line_count(self) -> int:
        return sum(len(invoice.rows) for invoice in self.invoices)

    @property
    def total(self) -> Decimal:
        return sum((invoice.total for invoice in self.invoices), ZERO)


def check(company: Company, content: str) -> Batch:
    table = read_table(content, COLUMNS)
    by_number = csv_checks.grouped(table.rows)
    customers = _customers(company, {row.cells.get("customer_number") for row in table.rows})
    table.add_problems(list(csv_checks.problems(company, table.rows, by_number, customers)))
    if table.problems:
        return Batch([], table.problems)
    found = [
        FoundInvoice(number, customers[rows[0].cells["customer_number"]], rows)
        for number, rows in by_number.items()
    ]
    return Batch(found, [])


def save(company: Company, batch: Batch, tell: Tell = nobody) -> int:
    """Some hundred at a time, so that memory does not grow with the file."""
    count = len(batch.invoices)
    for start in range(0, count, AT_ONCE):
        some = batch.invoices[start : start + AT_ONCE]
        create_imported(company, [(found.number, found.to_data()) for found in some])
        tell(start + len(some), count)
    return count


ROOM = register(Room("invoices", check, save))


def template() -> str:
    """The file to start from: the header and an invoice of two lines."""
    shared = ("1001", "C-001", "2026-03-02", "2026-04-01")
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(column.name for column in COLUMNS)
    said_once = ("5.5", "10%", "Net 30", "Gate code 4711")
    writer.writerow((*shared, "Furnace tune-up", "1", "149.00", "0", "", "Cleaned and tested", *said_once))
    writer.writerow((*shared, "Air filter", "2", "24.50", "10", "", "", "", "", "", ""))
    return file.getvalue()


def _customers(company: Company, numbers: Collection[str | None]) -> dict[str, Customer]:
    query = (
        select(Customer)
        .where(Customer.company_id == company.id, Customer.number.in_(numbers))
        .options(selectinload(Customer.locations))
    )
    return {customer.number: customer for customer in db.session.scalars(query) if customer.number}
