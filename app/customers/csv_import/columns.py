"""The columns of a customer file: our names, and those of other products' exports.

`heads` are what the exports call the same thing, the likeliest first. They come from:
QuickBooks: its help page of the contact fields that are imported
(plugin-qbo.intuit.com, help_admin_import_contacts_which_fields) and the heads of its customer list's export.
Jobber: its client export ("J-ID", "Main Phone #s", "E-mails", "Service Street 1"), as importers of it read it.
Housecall Pro: its customer export ("Mobile Number", "Address_1 Street Line 1"), as importers of it read it, and its
help page 2999685 ("Exported report breakdown").
"""

import re

from email_validator import validate_email

from app.csv_import.columns import Column, text
from app.web.form_fields import LONGEST_EMAIL

_YES_OR_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}


def _email(cell: str) -> str:
    """The first, where a cell names several, as Jobber's do."""
    first = re.split(r"[,;]", cell)[0].strip()
    if not first:
        return ""
    try:
        validate_email(text(LONGEST_EMAIL)(first), check_deliverability=False)
    except ValueError:
        raise ValueError("This is not a complete e-mail address.") from None
    return first


def _yes_or_no(cell: str) -> bool:
    if cell.lower() not in _YES_OR_NO:
        raise ValueError("Write yes or no.")
    return _YES_OR_NO[cell.lower()]


def _column(name: str, label: str, limit: int, *heads: str) -> Column:
    return Column(name, text(limit), optional=True, label=label, heads=heads)


_PHONES = (
    "Phone",
    "Phone numbers",
    "Main Phone #s",
    "Mobile Phone #s",
    "Mobile Number",
    "Mobile",
    "Work Phone #s",
)
COLUMNS = (
    _column("customer_number", "Your number", 40, "Customer number", "Account no.", "Account number"),
    Column(
        "display_name",
        text(200, required=True),
        label="Name",
        heads=(
            "Display name",
            "Customer full name",
            "Full name",
            "Name",
            "Customer",
            "Client name",
            "Company name",
        ),
    ),
    _column("given_name", "First name", 100, "First name", "Given name"),
    _column("family_name", "Last name", 100, "Last name", "Family name"),
    _column(
        "address",
        "Street",
        200,
        "Service Street 1",
        "Service Street",
        "Address_1 Street Line 1",
        "Street",
        "Street address",
        "Billing street",
        "Billing Street 1",
        "Billing address",
    ),
    _column("city", "City", 100, "Service City", "Address_1 City", "City", "Billing city"),
    _column(
        "region",
        "State",
        60,
        "Service State",
        "Service Province",
        "Address_1 State",
        "State",
        "Province",
        "Billing state",
    ),
    _column(
        "postal_code",
        "ZIP",
        20,
        "Service Zip code",
        "Service Zip",
        "Service Postal Code",
        "Address_1 Postal Code",
        "ZIP code",
        "Zip",
        "Billing zip",
    ),
    _column("country", "Country", 60, "Service Country", "Address_1 Country", "Country", "Billing country"),
    _column("phone", "Phone", 40, *_PHONES, "Work Number", "Home Phone #s", "Home Number", "Home Phone"),
    Column("email", _email, optional=True, label="E-mail", heads=("E-mails", "Email", "Customer email")),
    Column("tax_exempt", _yes_or_no, optional=True, label="Tax-exempt, yes or no", heads=("Tax exempt",)),
    _column("notes", "Notes", 4000, "Notes", "Note"),
)
