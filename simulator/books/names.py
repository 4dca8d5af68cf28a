"""Customers, vendors and employees share one set of names (contract section 4.1), inactive ones included."""

from typing import ClassVar

from simulator.books import addresses
from simulator.books.books import Books
from simulator.books.deleted_names import deleted_name, restored_name
from simulator.books.fields import Reader, amount, flag, label, length_detail, reference, text
from simulator.books.kind import Kind
from simulator.books.shapes import ADDRESS, EMAIL, IDENTITY, PHONE, WEBSITE
from simulator.books.table import Record
from simulator.faults import fault

SHARING_NAMES = ("Customer", "Vendor", "Employee")
PERSON: dict[str, Reader] = {
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
}
BUSINESS: dict[str, Reader] = {
    **PERSON,
    "CompanyName": text(100),
    "AlternatePhone": PHONE,
    "Fax": PHONE,
    "WebAddr": WEBSITE,
    "BillAddr": ADDRESS,
    "CurrencyRef": reference,
    "Balance": amount,
}
PHONES = ("PrimaryPhone", "AlternatePhone", "Mobile", "Fax")
PARTS = ("Title", "GivenName", "MiddleName", "FamilyName", "Suffix")


class Named(Kind):
    """A person or a company that is known by its DisplayName."""

    known_by = "DisplayName"
    id_space = "names"
    has_active = True
    irremovable = frozenset({"DisplayName", "PrintOnCheckName"})
    filterable: ClassVar[frozenset[str]] = frozenset(
        [
            "DisplayName",
            "GivenName",
            "MiddleName",
            "FamilyName",
            "CompanyName",
            "PrintOnCheckName",
            "Active",
            "PrimaryEmailAddr",
        ]
    )

    def named(
        self, books: Books, draft: Record, before: Record | None, parent: Record | None = None
    ) -> Record:
        """The draft with a DisplayName of its own. Raises 6080 and 6240."""
        name = draft.get("DisplayName") or _composed(draft)
        if not name:
            raise fault(
                "6080",
                "At least one of the following must be provided: Title, GivenName, MiddleName, FamilyName, "
                "DisplayName, Suffix",
            )
        active = draft.get("Active", before.get("Active", True) if before else True)
        printed = draft.get("PrintOnCheckName") or restored_name(name)
        if not active and not _keeps_its_name(self, books):
            name = deleted_name(name, lambda free: _holder(books, free, parent, before) is not None)
        elif active and before and not before["Active"]:
            name = restored_name(name)
        _refuse_longer(name, books.rules.longest_display_name)
        _refuse_longer_phones(draft, books.rules.longest_phone)
        _refuse_taken(books, name, parent, before)
        return {
            **draft,
            **addresses.with_ids(books, draft, before),
            "DisplayName": name,
            "PrintOnCheckName": printed,
            "Active": active,
        }


def _composed(draft: Record) -> str:
    return " ".join(draft[part] for part in PARTS if draft.get(part))


def _keeps_its_name(kind: Kind, books: Books) -> bool:
    """Recorded for employees: the name changes. For customers nobody knows (contract, open point 3)."""
    return kind.name == "Customer" and books.rules.inactive_customers_keep_names


def _refuse_longer(name: str, longest: int) -> None:
    if len(restored_name(name)) > longest:
        raise fault("2050", length_detail(0, longest, len(name)), "DisplayName")


def _refuse_longer_phones(draft: Record, longest: int) -> None:
    for field in PHONES:
        number = draft.get(field, {}).get("FreeFormNumber", "")
        if len(number) > longest:
            raise fault("2050", length_detail(0, longest, len(number)), f"{field}.FreeFormNumber")


def full_name(name: str, parent: Record | None) -> str:
    return f"{parent['FullyQualifiedName']}:{name}" if parent else name


def _refuse_taken(books: Books, name: str, parent: Record | None, before: Record | None) -> None:
    if holder := _holder(books, name, parent, before):
        told = f"Id={holder['Id']}" if books.rules.duplicate_name_tells_id else "null"
        raise fault("6240", f"The name supplied already exists. : {told}")


def _holder(books: Books, name: str, parent: Record | None, before: Record | None) -> Record | None:
    """Recorded: "Jack Doe" and "Doe, Jack:Jack Doe" live side by side; the full name is what counts."""
    wanted, own_id = full_name(name, parent).casefold(), before["Id"] if before else None
    for kind in SHARING_NAMES:
        for other in books.tables[kind].known_as(name):
            taken = (other.get("FullyQualifiedName") or other["DisplayName"]).casefold()
            if taken == wanted and other["Id"] != own_id:
                return other
    return None
