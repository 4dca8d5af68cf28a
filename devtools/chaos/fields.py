"""A record here and its record in QuickBooks in the same words, so that the two can be compared field by field.

This says a second time what app/quickbooks/mapping says, on purpose: what is wrong there must not be wrong here.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from app.customers.models import Customer
from app.invoices.models import Invoice, InvoiceLine, InvoiceStatus, Payment, Refund

Record = dict[str, Any]
Fields = dict[str, Any]

MADE_OF = re.compile(r" \([\d.]+ x [\d.]+, less [\d.]+ %\)$")
# QuickBooks' own bookkeeping, or what follows from other fields.
DERIVED = re.compile(
    r"SyncToken|sparse|domain|MetaData|TotalAmt|Balance|^LinkedTxn|TxnTaxDetail|UnappliedAmt|HomeTotal|FullyQualified"
    r"|PrintOnCheckName|LineEx|\.name$|\.Id$|\.LineNum$|SubTotal|Taxable|CurrencyRef|ApplyTax|Active|\.Id\b"
)


def here(record: Customer | Invoice | Payment | Refund) -> Fields:
    """What QuickBooks is to show. A reference is to a record of ours: its kind and id."""
    match record:
        case Customer():
            return _person(record)
        case Invoice():
            return _bill(record)
        case Payment():
            return _payment(record)
        case Refund():
            return _refund(record)


def there(kind: str, record: Record) -> Fields:
    """The same fields as QuickBooks has them. A reference is QuickBooks' Id."""
    match kind:
        case "Customer":
            return _person_there(record)
        case "Invoice":
            return _bill_there(record)
        case "Payment":
            return _payment_there(record)
        case "RefundReceipt":
            return _refund_there(record)
        case _:
            return {}


def flat(record: Record) -> Fields:
    """Every value by its path, but for what QuickBooks derives."""
    return {path: value for path, value in _paths(record, "") if not DERIVED.search(path)}


def is_void(record: Record) -> bool:
    return record.get("TotalAmt") == 0 and str(record.get("PrivateNote", "")).startswith("Voided")


def _paths(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _paths(inner, f"{path}[{place}]")
    else:
        yield path, value


def _person(customer: Customer) -> Fields:
    home = customer.primary_location
    return {
        "name": customer.name,
        "email": customer.email,
        "phone": customer.phone,
        "notes": customer.notes,
        "street": home.street if home else "",
        "city": home.city if home else "",
        "state": home.state if home else "",
        "zip": home.postal_code if home else "",
        "exempt": customer.tax_exempt,
    }


def _person_there(record: Record) -> Fields:
    home = record.get("BillAddr", {})
    return {
        "name": record["DisplayName"],
        "email": record.get("PrimaryEmailAddr", {}).get("Address", ""),
        "phone": record.get("PrimaryPhone", {}).get("FreeFormNumber", ""),
        "notes": record.get("Notes", ""),
        "street": home.get("Line1", ""),
        "city": home.get("City", ""),
        "state": home.get("CountrySubDivisionCode", ""),
        "zip": home.get("PostalCode", ""),
        "exempt": not record.get("Taxable", True),
    }


def _bill(invoice: Invoice) -> Fields:
    """A void invoice keeps its number and its customer, and nothing else that counts."""
    who: Fields = {"number": invoice.number, "customer": ("customer", invoice.customer_id)}
    if invoice.status is InvoiceStatus.VOID:
        return who | {"void": True}
    told = who | {
        "void": False,
        "total": invoice.total,
        "tax": invoice.tax_total,
        "date": invoice.issue_date.isoformat(),
        "due": invoice.due_date.isoformat(),
        "notes": invoice.notes,
        "lines": len(invoice.lines),
    }
    if invoice.terms:
        told["terms"] = invoice.terms.label.casefold()
    for place, line in enumerate(invoice.lines):
        told |= {f"line {place + 1} {name}": value for name, value in _line(line).items()}
    return told


def _line(line: InvoiceLine) -> Fields:
    plain = {
        "item": line.item.casefold(),
        "text": line.description or line.item,
        "amount": line.amount,
    }
    if line.discount_percent:
        return plain
    return plain | {"quantity": line.quantity, "price": line.unit_price}


def _bill_there(record: Record) -> Fields:
    who = {"number": record.get("DocNumber", ""), "customer": record["CustomerRef"]["value"]}
    if is_void(record):
        return who | {"void": True}
    lines = [line for line in record["Line"] if line["DetailType"] == "SalesItemLineDetail"]
    told = who | {
        "void": False,
        "total": record["TotalAmt"],
        "tax": record.get("TxnTaxDetail", {}).get("TotalTax", Decimal(0)),
        "date": record["TxnDate"],
        "due": record["DueDate"],
        "notes": record.get("PrivateNote", ""),
        "lines": len(lines),
        "terms": record.get("SalesTermRef", {}).get("name", "").casefold(),
    }
    for place, line in enumerate(lines):
        told |= {f"line {place + 1} {name}": value for name, value in _line_there(line).items()}
        told |= {f"#{line.get('Id')} {name}": value for name, value in _line_there(line).items()}
    return told


def by_line_id(record: Record, name: str) -> str:
    """A field of a line, found by its place in this version, as the field of the line with its Id: that stays when
    lines are put before it.
    """
    if not name.startswith("line "):
        return name
    _, place, facet = name.split(" ")
    lines = [line for line in record["Line"] if line["DetailType"] == "SalesItemLineDetail"]
    return f"#{lines[int(place) - 1].get('Id')} {facet}" if int(place) <= len(lines) else name


def _line_there(line: Record) -> Fields:
    detail = line["SalesItemLineDetail"]
    return {
        "item": detail["ItemRef"].get("name", "").casefold(),
        "text": MADE_OF.sub("", line.get("Description", "")),
        "amount": line["Amount"],
        "quantity": detail.get("Qty"),
        "price": detail.get("UnitPrice"),
        "dated": detail.get("ServiceDate"),
    }


def _payment(payment: Payment) -> Fields:
    if payment.taken_back_at or payment.invoice.status is InvoiceStatus.VOID:
        return {"void": True}
    return {
        "void": False,
        "customer": ("customer", payment.invoice.customer_id),
        "total": payment.amount,
        "date": payment.received_on.isoformat(),
        "reference": payment.reference,
        "for": {("invoice", payment.invoice_id): payment.amount},
    }


def _payment_there(record: Record) -> Fields:
    if is_void(record):
        return {"void": True}
    applied = {link["TxnId"]: line["Amount"] for line in record["Line"] for link in line["LinkedTxn"]}
    return {
        "void": False,
        "customer": record["CustomerRef"]["value"],
        "total": record["TotalAmt"],
        "date": record["TxnDate"],
        "reference": record.get("PaymentRefNum", ""),
        "for": applied,
        "account": record.get("DepositToAccountRef", {}).get("value", ""),
    }


def _refund(refund: Refund) -> Fields:
    if refund.invoice.status is InvoiceStatus.VOID:
        return {"void": True}
    return {
        "void": False,
        "customer": ("customer", refund.invoice.customer_id),
        "total": refund.amount,
        "date": refund.refunded_on.isoformat(),
        "reason": refund.reason,
    }


def _refund_there(record: Record) -> Fields:
    return {
        "void": False,
        "customer": record["CustomerRef"]["value"],
        "total": record["TotalAmt"],
        "date": record["TxnDate"],
        "reason": str(record.get("PrivateNote", "")).rpartition(": ")[2],
        "account": record.get("DepositToAccountRef", {}).get("value", ""),
    }
