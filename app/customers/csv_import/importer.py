"""Customers from a CSV file, and the checks that need to know the company."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.accounts.models import Company
from app.csv_import.importers import OURS, How, Importer, Tell, nobody, register
from app.csv_import.reading import read_table
from app.csv_import.rows import Problem, Row
from app.customers.csv_import import names
from app.customers.csv_import.columns import COLUMNS
from app.customers.records import CustomerData, LocationData, create_customers, taken_numbers

AT_ONCE = 500


def template() -> str:
    """The file to start from: the header and one example."""
    example = {
        "customer_number": "C-001",
        "display_name": "Elm Street Bakery",
        "given_name": "Rosa",
        "family_name": "Martín",
        "address": "12 Elm Street",
        "city": "Portland",
        "region": "OR",
        "postal_code": "97205",
        "country": "USA",
        "phone": "(503) 555-0134",
        "email": "rosa@elmstreetbakery.example",
        "tax_exempt": "no",
    }
    file = io.StringIO()
    writer = csv.DictWriter(file, [column.name for column in COLUMNS])
    writer.writeheader()
    writer.writerow(example)
    return file.getvalue()


@dataclass(frozen=True)
class Batch:
    """What a file holds: either its customers, or the reasons not to import any of them."""

    rows: list[Row]
    problems: list[Problem]
    same_names: names.SameNames = names.NONE
    wrong: dict[str, str] = field(default_factory=dict)


def check(company: Company, content: str, how: How = OURS) -> Batch:
    table = read_table(content, COLUMNS, how.columns)
    table.add_problems([*_repeated_numbers(table.rows), *_taken_numbers(company, table.rows)])
    if table.problems:
        return Batch([], table.problems)
    same = names.same_names(company, table.rows)
    return Batch(table.rows, [], same, names.wrong(same, how.answers))


def save(company: Company, batch: Batch, tell: Tell = nobody) -> int:
    """Some hundred at a time, so that memory does not grow with the file."""
    count = len(batch.rows)
    for start in range(0, count, AT_ONCE):
        some = batch.rows[start : start + AT_ONCE]
        create_customers(company, [_to_data(row) for row in some])
        tell(start + len(some), count)
    return count


IMPORTER = register(Importer("customers", COLUMNS, check, save, questions=(names.QUESTION,)))


def _to_data(row: Row) -> CustomerData:
    cells = row.cells
    place = LocationData(
        street=cells["address"],
        city=cells["city"],
        state=cells["region"],
        postal_code=cells["postal_code"],
        country=cells["country"],
    )
    has_place = place != LocationData()
    place.is_primary = True
    return CustomerData(
        name=cells["display_name"],
        number=cells["customer_number"] or None,
        contact_given_name=cells["given_name"],
        contact_family_name=cells["family_name"],
        email=cells["email"],
        phone=cells["phone"],
        tax_exempt=cells["tax_exempt"],
        notes=cells["notes"],
        locations=[place] if has_place else [],
    )


def _repeated_numbers(rows: list[Row]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for row in rows:
        number = row.cells.get("customer_number")
        if number and first.setdefault(number, row.line) != row.line:
            yield row.problem("customer_number", f"The number {number} is on line {first[number]} already.")


def _taken_numbers(company: Company, rows: list[Row]) -> Iterator[Problem]:
    numbers = [row.cells["customer_number"] for row in rows if row.cells.get("customer_number")]
    taken = taken_numbers(company, numbers)
    for row in rows:
        if (number := row.cells.get("customer_number")) in taken:
            yield row.problem("customer_number", f"A customer with the number {number} exists already.")
