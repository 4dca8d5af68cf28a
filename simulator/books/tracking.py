"""Classes and locations (QuickBooks: Class, Department), and their places on a sales document (section 4.2)."""

from collections.abc import Collection
from typing import ClassVar

from simulator.books import plans, references
from simulator.books.books import Books
from simulator.books.fields import flag, label, reference
from simulator.books.listed import Listed
from simulator.books.shape import Shape
from simulator.books.shapes import EVERYWHERE, IDENTITY
from simulator.books.table import Record
from simulator.faults import bad_reference, fault

PREFERENCES = "AccountingInfoPrefs"
PER_TRANSACTION, PER_LINE, LOCATIONS = "ClassTrackingPerTxn", "ClassTrackingPerTxnLine", "TrackDepartments"
DETAILS = ("SalesItemLineDetail", "DiscountLineDetail")


class Tracked(Listed):
    """A tree of names. Writing one while it is switched off gets 5030, which nobody has confirmed."""

    switches: ClassVar[tuple[str, ...]]
    filterable = frozenset({"Name", "FullyQualifiedName", "Active"})

    def complete(
        self, books: Books, draft: Record, before: Record | None, options: Collection[str]
    ) -> Record:
        plans.require_tracking(books.rules.plan)
        if not any(books.prefers(PREFERENCES, switch) for switch in self.switches):
            raise fault("5030", f"Feature Not Supported Error : {self.name} tracking is turned off.")
        record = self.listed(books, draft, before)
        parent = self._parent(books, record, before)
        path = f"{parent['FullyQualifiedName']}:{record['Name']}" if parent else record["Name"]
        return {**record, f"Sub{self.name}": parent is not None, "FullyQualifiedName": path}

    def _parent(self, books: Books, record: Record, before: Record | None) -> Record | None:
        if "ParentRef" not in record:
            return None
        if before and record["ParentRef"]["value"] == before["Id"]:
            raise fault("900", "The same object cannot be the parent or child of itself.", "ParentRef")
        parent = books.get(self.name, record["ParentRef"]["value"])
        if parent is None:
            raise bad_reference("ParentRef")
        return parent


class Class(Tracked):
    name = "Class"
    switches = (PER_TRANSACTION, PER_LINE)
    shape = Shape(
        "Class",
        {**IDENTITY, "Name": label(100), "Active": flag, "SubClass": flag, "ParentRef": reference},
        also_known=f"{EVERYWHERE} FullyQualifiedName ClassEx",
    )


class Department(Tracked):
    name = "Department"
    switches = (LOCATIONS,)
    shape = Shape(
        "Department",
        {**IDENTITY, "Name": label(100), "Active": flag, "SubDepartment": flag, "ParentRef": reference},
        also_known=f"{EVERYWHERE} FullyQualifiedName Address DepartmentEx",
    )


def settled(books: Books, document: Record) -> Record:
    """The document with its classes and its location as they are shown; without those that are switched off."""
    kept = _settled(books, document, "ClassRef", "Class", PER_TRANSACTION)
    kept = _settled(books, kept, "DepartmentRef", "Department", LOCATIONS)
    return {**kept, "Line": [_line(books, line) for line in kept["Line"]]}


def _line(books: Books, line: Record) -> Record:
    details = {name: line[name] for name in DETAILS if name in line}
    return line | {
        name: _settled(books, detail, "ClassRef", "Class", PER_LINE) for name, detail in details.items()
    }


def _settled(books: Books, holder: Record, field: str, kind: str, switch: str) -> Record:
    if field not in holder:
        return holder
    if not books.prefers(PREFERENCES, switch):
        return {name: value for name, value in holder.items() if name != field}
    return {**holder, field: references.checked(books, kind, holder[field], field)}
