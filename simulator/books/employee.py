"""Employees: here because they share names with customers."""

from collections.abc import Collection

from simulator.books.books import Books
from simulator.books.fields import day, flag, text
from simulator.books.names import PERSON, Named
from simulator.books.shape import Shape
from simulator.books.shapes import ADDRESS, EVERYWHERE
from simulator.books.table import Record


class Employee(Named):
    name = "Employee"
    shape = Shape(
        "Employee",
        {
            **PERSON,
            "PrimaryAddr": ADDRESS,
            "EmployeeNumber": text(100),
            "BillableTime": flag,
            "HiredDate": day,
            "ReleasedDate": day,
        },
        also_known=f"{EVERYWHERE} SSN Gender BirthDate BillRate CostRate Organization V4IDPseudonym",
    )
    computed = frozenset({"BillableTime", "Active"})

    def complete(
        self, books: Books, draft: Record, before: Record | None, options: Collection[str]
    ) -> Record:
        return {"BillableTime": False, **self.named(books, draft, before)}
