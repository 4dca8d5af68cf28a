"""Lists whose entries have a Name of their own: items, accounts, terms, payment methods."""

from typing import TYPE_CHECKING

from simulator.books.kind import Kind
from simulator.books.names import DELETED
from simulator.books.table import Record
from simulator.faults import fault, required

if TYPE_CHECKING:
    from simulator.books.company import Company


class Listed(Kind):
    known_by = "Name"
    has_active = True
    frees_names = True  # deactivation appends " (deleted)": recorded for accounts, seen for items

    def listed(self, company: "Company", draft: Record, before: Record | None) -> Record:
        """The draft with a Name that nothing else in the list has. Raises 2020 and 6240."""
        name = draft.get("Name")
        if not name:
            raise required("Name")
        active = draft.get("Active", True)
        if self.frees_names and not active and not name.endswith(DELETED):
            name += DELETED
        elif active and before and not before["Active"]:
            name = name.removesuffix(DELETED)
        self._refuse_taken(company, name, before)
        return {**draft, "Name": name, "Active": active}

    def _refuse_taken(self, company: "Company", name: str, before: Record | None) -> None:
        others = company.tables[self.name].known_as(name)
        if any(before is None or other["Id"] != before["Id"] for other in others):
            raise fault(
                "6240", f"The name supplied already exists. : Another {self.name.lower()} has this name."
            )
