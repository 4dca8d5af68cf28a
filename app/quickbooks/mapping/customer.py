"""A customer as QuickBooks keeps it (contract section 4.1)."""

from typing import Any

from app.customers.models import Customer, CustomerKind
from app.customers.place import Place
from app.quickbooks.mapping import contact, values


def customer_body(customer: Customer) -> dict[str, Any]:
    """With what is empty too, because QuickBooks keeps a field that an update does not name; an update
    empties only what we had filled in (updates.py).
    """
    home = customer.primary_location.place if customer.primary_location else Place()
    is_company = customer.kind is CustomerKind.COMPANY
    return {
        "DisplayName": values.name(customer.name),
        "CompanyName": values.name(customer.name) if is_company else "",
        "GivenName": values.name(customer.contact_given_name),
        "FamilyName": values.name(customer.contact_family_name),
        "PrimaryEmailAddr": {"Address": values.email(customer.email)},
        "PrimaryPhone": {"FreeFormNumber": values.phone(customer.phone)},
        "BillAddr": values.address(home),
        "ShipAddr": values.address(home),
        "Notes": values.prose(customer.notes, values.NOTES_LIMIT),
        "Taxable": not customer.tax_exempt,
        "Active": True,
    }


def same_contact(body: dict[str, Any], record: dict[str, Any]) -> bool:
    """Nothing that both know contradicts: e-mail, phone, and the street of an address, whatever their spelling.
    `body` is what we send.
    """
    pairs = zip(_contact(body), _contact(record), strict=True)
    return all(not ours or not theirs or ours == theirs for ours, theirs in pairs)


def _contact(record: dict[str, Any]) -> tuple[str, str, str]:
    return (
        record.get("PrimaryEmailAddr", {}).get("Address", "").strip().casefold(),
        contact.digits(record.get("PrimaryPhone", {}).get("FreeFormNumber", "")),
        contact.street(record.get("BillAddr", {}).get("Line1", "")),
    )
