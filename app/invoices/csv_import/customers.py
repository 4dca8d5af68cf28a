"""The customers that an invoice file names, by their number or by their name."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from app.accounts.models import Company
from app.csv_import.rows import Problem, Row
from app.customers.models import Customer, ServiceLocation
from app.extensions import among, db


class NamedCustomers:
    """A number tells before a name. A name is found in any case, as people write it."""

    def __init__(self, company: Company, rows: list[Row]) -> None:
        self._by_number: dict[str, Customer] = {}
        self._by_name: dict[str, list[Customer]] = defaultdict(list)
        self._labelled: dict[int, dict[str, list[ServiceLocation]]] = {}
        for customer in _named(company, _said(rows, "customer_number"), _said(rows, "customer_name")):
            if customer.number:
                self._by_number[customer.number] = customer
            self._by_name[customer.name.lower()].append(customer)

    def of(self, row: Row) -> Customer | None:
        if number := row.cells.get("customer_number"):
            return self._by_number.get(number)
        named = self._by_name.get(row.cells.get("customer_name", "").lower(), [])
        return named[0] if len(named) == 1 else None

    def labelled(self, customer: Customer, label: str) -> list[ServiceLocation]:
        """Locations of the customer. A label is found in any case, as people write it."""
        if customer.id not in self._labelled:
            by_label = self._labelled[customer.id] = defaultdict(list)
            for place in customer.locations:
                by_label[place.label.casefold()].append(place)
        return self._labelled[customer.id].get(label.casefold(), [])

    def problems(self, rows: Iterable[Row]) -> Iterator[Problem]:
        for row in rows:
            number, name = row.cells.get("customer_number", ""), row.cells.get("customer_name", "")
            if number and number not in self._by_number:
                yield row.problem("customer_number", f"There is no customer with the number {number}.")
            elif not number and not name and "customer_number" in row.cells:
                yield row.problem("customer_number", "This cell must not be empty.")
            elif not number and name and (count := len(self._by_name.get(name.lower(), ()))) != 1:
                yield row.problem("customer_name", _not_one(name, count))


def _not_one(name: str, count: int) -> str:
    if count:
        return f"{count} customers are called {name}. Give the number of the one that is meant."
    return f"There is no customer called {name}. Add the customer, or import your customers first."


def _said(rows: Iterable[Row], column: str) -> set[str]:
    return {row.cells[column] for row in rows if row.cells.get(column)}


def _named(company: Company, numbers: set[str], names: set[str]) -> Iterable[Customer]:
    name_is = among(func.lower(Customer.name), {name.lower() for name in names})
    query = select(Customer).where(
        Customer.company_id == company.id, or_(among(Customer.number, numbers), name_is)
    )
    return db.session.scalars(query.options(selectinload(Customer.locations)))
