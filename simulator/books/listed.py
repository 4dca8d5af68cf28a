"""Lists whose entries have a Name of their own: items, accounts, terms, payment methods."""

from simulator.books.books import Books
from simulator.books.deleted_names import deleted_name, restored_name
from simulator.books.kind import Kind
from simulator.books.table import Record
from simulator.faults import fault, required


class Listed(Kind):
    known_by = "Name"
    has_active = True
    frees_names = True  # deactivation appends " (deleted)": recorded for accounts, seen for items

    def listed(self, books: Books, draft: Record, before: Record | None) -> Record:
        """The draft with a Name that nothing else in the list has. Raises 2020 and 6240."""
        name = draft.get("Name")
        if not name:
            raise required("Name")
        active = draft.get("Active", True)
        if self.frees_names and not active:
            name = deleted_name(name, lambda free: self._is_taken(books, free, before))
        elif active and before and not before["Active"]:
            name = restored_name(name)
        self._refuse_taken(books, name, before)
        return {**draft, "Name": name, "Active": active}

    def _is_taken(self, books: Books, name: str, before: Record | None) -> bool:
        others = books.tables[self.name].known_as(name)
        return any(before is None or other["Id"] != before["Id"] for other in others)

    def _refuse_taken(self, books: Books, name: str, before: Record | None) -> None:
        if self._is_taken(books, name, before):
            raise fault(
                "6240", f"The name supplied already exists. : Another {self.name.lower()} has this name."
            )
