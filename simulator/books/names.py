"""Customers, vendors and employees share one set of names (contract section 4.1), inactive ones included."""

from typing import TYPE_CHECKING, ClassVar

from simulator.books import addresses
from simulator.books.deleted_names import deleted_name, restored_name
from simulator.books.fields import length_detail
from simulator.books.kind import Kind
from simulator.books.table import Record
from simulator.faults import fault

if TYPE_CHECKING:
    from simulator.books.company import Company

SHARING_NAMES = ("Customer", "Vendor", "Employee")
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
        self, company: "Company", draft: Record, before: Record | None, parent: Record | None = None
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
        if not active and not _keeps_its_name(self, company):
            name = deleted_name(name, lambda free: _holder(company, free, parent, before) is not None)
        elif active and before and not before["Active"]:
            name = restored_name(name)
        _refuse_longer(name, company.rules.longest_display_name)
        _refuse_taken(company, name, parent, before)
        return {
            **draft,
            **addresses.with_ids(company, draft, before),
            "DisplayName": name,
            "PrintOnCheckName": printed,
            "Active": active,
        }


def _composed(draft: Record) -> str:
    return " ".join(draft[part] for part in PARTS if draft.get(part))


def _keeps_its_name(kind: Kind, company: "Company") -> bool:
    """Recorded for employees: the name changes. For customers nobody knows (contract, open point 3)."""
    return kind.name == "Customer" and company.rules.inactive_customers_keep_names


def _refuse_longer(name: str, longest: int) -> None:
    if len(restored_name(name)) > longest:
        raise fault("2050", length_detail(0, longest, len(name)), "DisplayName")


def full_name(name: str, parent: Record | None) -> str:
    return f"{parent['FullyQualifiedName']}:{name}" if parent else name


def _refuse_taken(company: "Company", name: str, parent: Record | None, before: Record | None) -> None:
    if holder := _holder(company, name, parent, before):
        told = f"Id={holder['Id']}" if company.rules.duplicate_name_tells_id else "null"
        raise fault("6240", f"The name supplied already exists. : {told}")


def _holder(company: "Company", name: str, parent: Record | None, before: Record | None) -> Record | None:
    """Recorded: "Jack Doe" and "Doe, Jack:Jack Doe" live side by side; the full name is what counts."""
    wanted, own_id = full_name(name, parent).casefold(), before["Id"] if before else None
    for kind in SHARING_NAMES:
        for other in company.tables[kind].known_as(name):
            taken = other.get("FullyQualifiedName", other["DisplayName"]).casefold()
            if taken == wanted and other["Id"] != own_id:
                return other
    return None
