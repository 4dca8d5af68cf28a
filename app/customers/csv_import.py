"""Customers from a CSV file, and the checks that need to know the company."""

import csv
import io
from collections.abc import Iterator

from app.accounts.models import Company
from app.csv_import.reading import read_table
from app.csv_import.rooms import OURS, How, Room, Tell, nobody, register
from app.csv_import.rows import Problem, Row, Table
from app.customers.csv_columns import COLUMNS
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


def check(company: Company, content: str, how: How = OURS) -> Table:
    """Every row of the file and every reason not to import it."""
    table = read_table(content, COLUMNS, how.columns)
    table.add_problems([*_repeated_numbers(table.rows), *_taken_numbers(company, table.rows)])
    return table


def save(company: Company, table: Table, tell: Tell = nobody) -> int:
    """Some hundred at a time, so that memory does not grow with the file."""
    count = len(table.rows)
    for start in range(0, count, AT_ONCE):
        some = table.rows[start : start + AT_ONCE]
        create_customers(company, [_to_data(row) for row in some])
        tell(start + len(some), count)
    return count


ROOM = register(Room("customers", COLUMNS, check, save))


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
