"""What can be wrong with an invoice file beyond a single cell; every finding names its line."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from app.accounts.models import Company, Terms
from app.csv_import.rows import Problem, Row
from app.customers.models import Customer
from app.invoices.csv_import.cells import Discount
from app.invoices.csv_import.customers import NamedCustomers
from app.invoices.models import DiscountKind
from app.invoices.numbering import taken_numbers
from app.invoices.records import MAX_LINES, too_long
from app.invoices.totals import MAX_SUBTOTAL, line_amount
from app.lib.money import ZERO

NUMBERS = ("quantity", "unit_price", "discount_percent")
# All rows of an invoice say the same here, or nothing.
_INVOICE = ("issue_date", "due_date", "location", "tax_rate", "discount", "terms", "notes")
SHARED = ("customer_number", "customer_name", *_INVOICE)

Groups = Mapping[str, list[Row]]


def grouped(rows: list[Row]) -> Groups:
    """Rows by invoice number, in the file's order; they need not be neighbours."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if number := row.cells.get("invoice_number"):
            groups[number].append(row)
    return groups


def shared(group: list[Row], column: str) -> Any:
    """What the invoice's rows say in a column, the first that says anything."""
    return next((row.cells[column] for row in group if _says(row, column)), group[0].cells[column])


def _says(row: Row, column: str) -> bool:
    """Whether a cell holds anything: an empty one is parsed to what stands for nothing."""
    return row.cells.get(column) not in (None, "", Discount())


def amount(row: Row) -> Decimal:
    """Dollars of the row's line; zero where a number could not be read."""
    if not row.cells.keys() >= set(NUMBERS):
        return ZERO
    return line_amount(*(row.cells[name] for name in NUMBERS))


def problems(
    company: Company, rows: list[Row], groups: Groups, customers: NamedCustomers
) -> Iterator[Problem]:
    yield from customers.problems(rows)
    yield from _unknown_locations(rows, customers)
    yield from _taken_numbers(company, groups)
    for number, group in groups.items():
        yield from _disagreements(number, group)
        yield from _other_customers(number, group, customers)
        yield from _taxed_exempt(group, customers)
        yield from _impossible(group)


def location_id(customers: NamedCustomers, customer: Customer, group: list[Row]) -> int | None:
    """Of the location that the invoice's rows name, else the primary one."""
    label = next((row.cells["location"] for row in group if row.cells["location"]), "")
    if label:
        return customers.labelled(customer, label)[0].id
    return customer.primary_location.id if customer.primary_location else None


def _unknown_locations(rows: list[Row], customers: NamedCustomers) -> Iterator[Problem]:
    for row in rows:
        label, customer = row.cells.get("location"), customers.of(row)
        if not label or customer is None:
            continue
        found = len(customers.labelled(customer, label))
        if found == 0:
            yield row.problem("location", f"{customer.name} has no service location with the label {label}.")
        if found > 1:
            yield row.problem("location", f"{customer.name} has {found} service locations labelled {label}.")


def _taken_numbers(company: Company, groups: Groups) -> Iterator[Problem]:
    for number in taken_numbers(company, list(groups)):
        message = f"An invoice with the number {number} exists already."
        yield groups[number][0].problem("invoice_number", message)


def _disagreements(number: str, group: list[Row]) -> Iterator[Problem]:
    for column in SHARED:
        first, *others = [row for row in group if _says(row, column)] or group[:1]
        for row in others:
            said, expected = row.cells[column], first.cells[column]
            if said != expected and column == "notes":
                yield row.problem(column, f"Invoice {number} has other notes on line {first.line}.")
            elif said != expected:
                message = (
                    f"Invoice {number} has {_shown(expected)} on line {first.line}, and {_shown(said)} here."
                )
                yield row.problem(column, message)


def _other_customers(number: str, group: list[Row], customers: NamedCustomers) -> Iterator[Problem]:
    """One row may give the customer's number, and another the name of somebody else."""
    by = "customer_number"
    known = [(row, customer) for row in group if (customer := customers.of(row))]
    for row, customer in known[1:]:
        first_row, first = known[0]
        if customer is not first and _says(row, by) != _says(first_row, by):
            where = f"Invoice {number} is for {first.name} on line {first_row.line}"
            yield row.problem(
                by if _says(row, by) else "customer_name", f"{where}, and for {customer.name} here."
            )


def _taxed_exempt(group: list[Row], customers: NamedCustomers) -> Iterator[Problem]:
    customer = customers.of(group[0])
    taxed = next((row for row in group if row.cells.get("tax_rate")), None)
    if taxed and customer and customer.tax_exempt:
        yield taxed.problem("tax_rate", f"{customer.name} is tax-exempt. Empty this cell.")


def _shown(value: Any) -> str:
    return value.label if isinstance(value, Terms) else str(value)


def _impossible(group: list[Row]) -> Iterator[Problem]:
    first = group[0]
    issued, due = first.cells.get("issue_date"), first.cells.get("due_date")
    if issued and due and due < issued:
        yield first.problem("due_date", "This is before the issue date.")
    if len(group) > MAX_LINES:
        yield group[MAX_LINES].problem("invoice_number", f"An invoice has at most {MAX_LINES} lines.")
    texts = [row.cells.get(name, "") for row in group for name in ("item", "description")]
    texts.append(next((row.cells["notes"] for row in group if _says(row, "notes")), ""))
    if problem := too_long(texts):
        yield first.problem("description", problem)
    discount = next((row.cells["discount"] for row in group if _says(row, "discount")), Discount())
    if discount.kind is DiscountKind.AMOUNT and discount.value > sum(map(amount, group), ZERO):
        yield first.problem("discount", "The discount is more than the lines come to.")
    if sum(map(amount, group), ZERO) > MAX_SUBTOTAL:
        yield first.problem("unit_price", f"This invoice comes to more than {MAX_SUBTOTAL:,}.")
