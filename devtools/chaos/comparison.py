"""Our records against QuickBooks' books: each exactly once, and as it is here."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.customers.models import Customer
from app.extensions import db
from app.invoices.models import Invoice, InvoiceStatus, Payment, Refund
from devtools.chaos.scene import Scene, Tenant

Remote = dict[str, Any]

VOID = {"void": True, "total": Decimal(0)}


@dataclass
class Comparison:
    """What is wrong, in words that name the company and the record."""

    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    mismatched: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.lost or self.duplicated or self.mismatched)


def compare(scene: Scene) -> Comparison:
    result = Comparison()
    for tenant in scene.tenants:
        _compare_books(result, tenant, scene.quickbooks.books(tenant.realm))
    db.session.commit()
    return result


def _compare_books(result: Comparison, tenant: Tenant, books: dict[str, list[Remote]]) -> None:
    people = {customer.name: _person_here(customer) for customer in _customers(tenant)}
    there = [(record["DisplayName"], _person_there(record)) for record in books["Customer"]]
    _compare_lists(result, f"company {tenant.company_id}: customer", people, there)
    names = {record["Id"]: record["DisplayName"] for record in books["Customer"]}
    bills = {invoice.number: _bill_here(invoice) for invoice in _invoices(tenant)}
    found = [(record["DocNumber"], _bill_there(record, names)) for record in books["Invoice"]]
    _compare_lists(result, f"company {tenant.company_id}: invoice", bills, found)
    _compare_money(result, tenant, books, names)


def _compare_money(
    result: Comparison, tenant: Tenant, books: dict[str, list[Remote]], names: dict[str, str]
) -> None:
    """Payments by the number of their cheque, refunds by that of their complaint."""
    numbers = {record["Id"]: record["DocNumber"] for record in books["Invoice"]}
    received = {payment.reference: _payment_here(payment) for payment in _payments(tenant)}
    found = [
        (record["PaymentRefNum"], _payment_there(record, names, numbers))
        for record in books.get("Payment", [])
        if not _is_void(record)
    ]
    _compare_lists(result, f"company {tenant.company_id}: payment", received, found)
    given = {refund.reason: _refund_here(refund) for refund in _refunds(tenant)}
    found = [
        (record["PrivateNote"].rpartition(": ")[2], _refund_there(record, names))
        for record in books.get("RefundReceipt", [])
    ]
    _compare_lists(result, f"company {tenant.company_id}: refund", given, found)


def _compare_lists(
    result: Comparison, what: str, here: dict[str, Remote], there: list[tuple[str, Remote]]
) -> None:
    found = defaultdict(list)
    for key, record in there:
        found[key].append(record)
    for key, record in here.items():
        copies = found.pop(key, [])
        if not copies:
            result.lost.append(f"{what} {key}")
        elif len(copies) > 1:
            result.duplicated.append(f"{what} {key}: {len(copies)} times")
        elif copies[0] != record:
            result.mismatched.append(f"{what} {key}: {_differences(record, copies[0])}")
    result.duplicated += [f"{what} {key}: not ours, or under an old name" for key in found]


def _differences(here: Remote, there: Remote) -> str:
    differing = [key for key in here | there if here.get(key) != there.get(key)]
    return ", ".join(f"{key} {there.get(key)!r}, not {here.get(key)!r}" for key in differing)


def _person_here(customer: Customer) -> Remote:
    return {"email": customer.email, "phone": customer.phone, "notes": customer.notes}


def _person_there(record: Remote) -> Remote:
    return {
        "email": record.get("PrimaryEmailAddr", {}).get("Address", ""),
        "phone": record.get("PrimaryPhone", {}).get("FreeFormNumber", ""),
        "notes": record.get("Notes", ""),
    }


def _bill_here(invoice: Invoice) -> Remote:
    """A void invoice keeps its number and its customer, and nothing else that counts."""
    who = {"customer": invoice.customer.name}
    if invoice.status is InvoiceStatus.VOID:
        return who | VOID
    return who | {
        "void": False,
        "total": invoice.total,
        "dates": (invoice.issue_date.isoformat(), invoice.due_date.isoformat()),
        "notes": invoice.notes,
        "lines": [line.amount for line in invoice.lines],
        "balance": invoice.total - invoice.paid_total,
    }


def _bill_there(record: Remote, names: dict[str, str]) -> Remote:
    who = {"customer": names.get(record["CustomerRef"]["value"], "")}
    if _is_void(record):
        return who | VOID
    lines = (line for line in record["Line"] if line["DetailType"] == "SalesItemLineDetail")
    return who | {
        "void": False,
        "total": record["TotalAmt"],
        "dates": (record["TxnDate"], record["DueDate"]),
        "notes": record.get("PrivateNote", ""),
        "lines": [line["Amount"] for line in lines],
        "balance": record["Balance"],
    }


def _payment_here(payment: Payment) -> Remote:
    return {
        "customer": payment.invoice.customer.name,
        "total": payment.amount,
        "date": payment.received_on.isoformat(),
        "for": {payment.invoice.number: payment.amount},
    }


def _payment_there(record: Remote, names: dict[str, str], numbers: dict[str, str]) -> Remote:
    paid = {numbers[link["TxnId"]]: line["Amount"] for line in record["Line"] for link in line["LinkedTxn"]}
    return {
        "customer": names.get(record["CustomerRef"]["value"], ""),
        "total": record["TotalAmt"],
        "date": record["TxnDate"],
        "for": paid,
    }


def _refund_here(refund: Refund) -> Remote:
    return {
        "customer": refund.invoice.customer.name,
        "total": refund.amount,
        "date": refund.refunded_on.isoformat(),
    }


def _refund_there(record: Remote, names: dict[str, str]) -> Remote:
    return {
        "customer": names.get(record["CustomerRef"]["value"], ""),
        "total": record["TotalAmt"],
        "date": record["TxnDate"],
    }


def _is_void(record: Remote) -> bool:
    return record["TotalAmt"] == 0 and record.get("PrivateNote", "").startswith("Voided")


def _customers(tenant: Tenant) -> list[Customer]:
    return list(db.session.scalars(select(Customer).filter_by(company_id=tenant.company_id)))


def _invoices(tenant: Tenant) -> list[Invoice]:
    """Drafts are nobody's business, nor are drafts that were voided."""
    loaded = select(Invoice).options(selectinload(Invoice.lines), selectinload(Invoice.customer))
    return list(
        db.session.scalars(
            loaded.where(Invoice.company_id == tenant.company_id, Invoice.generated_at.is_not(None))
        )
    )


def _payments(tenant: Tenant) -> list[Payment]:
    """Those that were not taken back."""
    return list(
        db.session.scalars(select(Payment).filter_by(company_id=tenant.company_id, taken_back_at=None))
    )


def _refunds(tenant: Tenant) -> list[Refund]:
    return list(db.session.scalars(select(Refund).filter_by(company_id=tenant.company_id)))
