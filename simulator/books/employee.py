"""Employees: here because they share names with customers."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from simulator.books.fields import Shape, day, flag, label, text
from simulator.books.names import Named
from simulator.books.shapes import ADDRESS, EMAIL, EVERYWHERE, IDENTITY, PHONE
from simulator.books.table import Record

if TYPE_CHECKING:
    from simulator.books.company import Company


class Employee(Named):
    name = "Employee"
    shape = Shape(
        "Employee",
        {
            **IDENTITY,
            "DisplayName": label(500),
            "Title": label(16),
            "GivenName": label(100),
            "MiddleName": label(100),
            "FamilyName": label(100),
            "Suffix": label(16),
            "PrintOnCheckName": text(110),
            "Active": flag,
            "PrimaryPhone": PHONE,
            "Mobile": PHONE,
            "PrimaryEmailAddr": EMAIL,
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
        self, company: "Company", draft: Record, before: Record | None, options: Collection[str]
    ) -> Record:
        return {"BillableTime": False, **self.named(company, draft, before)}
