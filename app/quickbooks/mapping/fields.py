"""The fields that we write in QuickBooks: what an office calls them, and when two values of one are the same."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.mapping import lines, values
from app.quickbooks.models import RecordKind

LINES, TOTAL = "Line", "TotalAmt"
PAID_ONLINE = ("AllowOnlineCreditCardPayment", "AllowOnlineACHPayment")  # by card, by bank

_SALE = {
    "DocNumber": "number",
    "TxnDate": "date",
    "CustomerRef": "customer",
    "PrivateNote": "memo",
    "CurrencyRef": "currency",
    "Line": "lines",
    "TxnTaxDetail": "tax",
    "ApplyTaxAfterDiscount": "order of discount and tax",
    "GlobalTaxCalculation": "way of taxing",
}
WORDS: dict[RecordKind, dict[str, str]] = {
    RecordKind.CUSTOMER: {
        "DisplayName": "name",
        "CompanyName": "company name",
        "GivenName": "first name",
        "FamilyName": "last name",
        "PrimaryEmailAddr": "e-mail",
        "PrimaryPhone": "phone",
        "BillAddr": "address",
        "ShipAddr": "service location",
        "Notes": "notes",
        "Taxable": "tax setting",
        "Active": "active setting",
    },
    RecordKind.ITEM: {"Name": "name", "Active": "active setting"},
    RecordKind.INVOICE: {
        **_SALE,
        "DueDate": "due date",
        "SalesTermRef": "terms",
        "BillEmail": "e-mail",
        "BillAddr": "billing address",
        "ShipAddr": "service location",
        "AllowOnlineCreditCardPayment": "online payment by card",
        "AllowOnlineACHPayment": "online payment by bank",
    },
    RecordKind.PAYMENT: {
        "TotalAmt": "amount",
        "CustomerRef": "customer",
        "TxnDate": "date",
        "PaymentRefNum": "reference",
        "PrivateNote": "memo",
        "Line": "invoice it is applied to",
        "DepositToAccountRef": "account",
        "PaymentMethodRef": "method",
        "CurrencyRef": "currency",
    },
    RecordKind.REFUND: {
        **_SALE,
        "ShipAddr": "service location",
        "DepositToAccountRef": "account",
        "PaymentMethodRef": "method",
    },
}
# Made active by every push: nothing can be sold to, or with, what is inactive.
ALWAYS_WRITTEN = {RecordKind.CUSTOMER: ("Active",), RecordKind.ITEM: ("Active",)}
# Where we never wrote them, they are as the company's settings had them (contract section 4.2): nobody's choice.
DEFAULTED = PAID_ONLINE
# Said when a sale is made there and never again: the bookkeeper has the last word (tracking.py).
ON_CREATE = ("ClassRef", "DepartmentRef")
# Sales of several lines, which are merged line by line; a payment's are all or nothing (contract section 2.5).
MERGED_BY_LINE = (RecordKind.INVOICE, RecordKind.REFUND)
_ADDRESS = ("Line1", "City", "CountrySubDivisionCode", "PostalCode", "Country")
PHONE = "FreeFormNumber"
PARTS = {
    "PrimaryEmailAddr": ("Address",),
    "BillEmail": ("Address",),
    "PrimaryPhone": (PHONE,),
    "BillAddr": _ADDRESS,
    "ShipAddr": _ADDRESS,
    "TxnTaxDetail": ("TotalTax", "TxnTaxCodeRef"),
}
_ITS_OWN = ("Id", "Lat", "Long", "TaxLine")  # of a value of several parts: QuickBooks' own, never sent back
_KEPT = (TOTAL, "Balance", "LinkedTxn", "CurrencyRef")


def excerpt(kind: RecordKind, remote: RemoteRecord) -> dict[str, Any]:
    """What we keep of a QuickBooks record: the fields that we write, lines whole, its money and its
    currency.
    """
    kept = {name: remote[name] for name in (*WORDS[kind], *_KEPT) if name in remote}
    if LINES in kept:
        kept[LINES] = lines.kept(remote[LINES])
    return kept


def essence(name: str, value: Any) -> Any:
    """What of a value we would overwrite, in a form that can be compared and told apart from any other."""
    if name == LINES:
        return [lines.essence(line) for line in value or ()]
    if name in PAID_ONLINE:
        return bool(value)
    if name == PHONE:  # the long form, which we once wrote, and the short one are one number
        return values.phone(str(value or ""))
    if name in PARTS:
        parts = {part: essence(part, (value or {}).get(part)) for part in PARTS[name]}
        return {part: told for part, told in parts.items() if told != ""}
    if isinstance(value, Mapping):
        return str(value.get("value", ""))
    return lines.plain(value)


def is_same(name: str, value: Any, other: Any) -> bool:
    return bool(essence(name, value) == essence(name, other))


def agrees(name: str, ours: Any, theirs: Any) -> bool:
    """Writing ours would change nothing there. A part that we say nothing of agrees with whatever is there."""
    if name == LINES:
        return lines.agree(ours or (), theirs or ())
    wanted, present = essence(name, ours), essence(name, theirs)
    if isinstance(wanted, dict) and wanted:
        return all(present.get(part, "") == value for part, value in wanted.items())
    return bool(wanted == present)


def is_empty(name: str, value: Any) -> bool:
    return essence(name, value) in ("", {}, [])


def laid_over(name: str, ours: Any, theirs: Any) -> Any:
    """Ours, with the parts that we never write as they are there: a second address line, say."""
    if name in PARTS and name != "TxnTaxDetail" and isinstance(theirs, Mapping):
        return {part: value for part, value in theirs.items() if part not in _ITS_OWN} | ours
    return ours


def sent_back(name: str, theirs: Any) -> Any:
    """A value of theirs in the form in which it can be sent."""
    if name in PARTS and isinstance(theirs, Mapping):
        return {part: value for part, value in theirs.items() if part in PARTS[name]}
    return theirs


def line_sent_back(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line of a payment in the form in which it can be sent."""
    return {part: line[part] for part in ("Amount", "LinkedTxn") if part in line}


def number(value: Any) -> Decimal:
    return Decimal(str(value))
