"""How values look on a page."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from simulator import exact_json
from simulator.clock import PACIFIC

FIELD_TITLES = {
    "BillAddr": "Billing address",
    "CompanyName": "Company",
    "DisplayName": "Display name",
    "DocNumber": "Number",
    "DueDate": "Due",
    "EmailStatus": "E-mail status",
    "PaymentRefNum": "Reference",
    "PrimaryEmailAddr": "E-mail",
    "PrimaryPhone": "Phone",
    "PrivateNote": "Private note",
    "ShipAddr": "Shipping address",
    "TotalAmt": "Total",
    "TxnDate": "Date",
    "UnappliedAmt": "Unapplied",
    "UnitPrice": "Price",
}


def field_title(name: str) -> str:
    """What a person calls a field of the API."""
    return FIELD_TITLES.get(name, name)


def money(value: Decimal | int) -> str:
    return f"{value:,.2f}"


def plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def clock_time(moment: datetime) -> str:
    return f"{moment.astimezone(PACIFIC):%b %d, %H:%M:%S}"


def indented(value: Any) -> str:
    return exact_json.dumps(value, indent=2)


def pretty(body: bytes) -> str:
    """JSON indented; anything else as it is."""
    try:
        return indented(exact_json.loads(body))
    except ValueError:
        return body.decode("utf-8", "replace")
