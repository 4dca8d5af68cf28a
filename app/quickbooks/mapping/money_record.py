"""What payments and refunds have in common in QuickBooks: a mark of ours, a method, an end."""

import re
import secrets
from typing import Any

from app.invoices.models import InvoiceStatus, Payment, PaymentMethod, Refund
from app.quickbooks.mapping.facts import CompanyFacts

_MARK = re.compile(r"FSM Navigator (?:payment|refund) mark [0-9a-f]{16}\b")
_BARE_ID = re.compile(r"FSM Navigator (?:payment|refund) \d+\b")

# What QuickBooks' payment methods of ours may be called, in small letters; the first that exists is taken.
METHOD_NAMES: dict[PaymentMethod, tuple[str, ...]] = {
    PaymentMethod.CASH: ("cash",),
    PaymentMethod.CHECK: ("check", "cheque"),
    PaymentMethod.CARD: ("credit card", "card", "debit card"),
    PaymentMethod.BANK_TRANSFER: ("bank transfer", "direct deposit", "ach", "bacs"),
    PaymentMethod.OTHER: ("other",),
}


def new_mark() -> str:
    """Like no other, whatever numbers repeat after a restore or in a copy of the database."""
    return secrets.token_hex(8)


def mark(record: Payment | Refund, token: str) -> str:
    """How we recognise our own: QuickBooks has no number for a payment (contract section 2.4). What went there
    before there were random marks has a bare id, which proves nothing.
    """
    kind = "payment" if isinstance(record, Payment) else "refund"
    return f"FSM Navigator {kind} mark {token}" if token else f"FSM Navigator {kind} {record.id}"


def mark_in(note: str) -> str:
    """The mark that a QuickBooks note holds, with a bare id too; empty when it has none."""
    found = _MARK.search(note) or _BARE_ID.search(note)
    return found.group() if found else ""


def proof_in(note: str) -> str:
    """The random mark that a QuickBooks note holds, without the words around it; empty when it has none."""
    found = _MARK.search(note)
    return found.group().rpartition(" ")[2] if found else ""


def is_over(record: Payment | Refund) -> bool:
    """It must not stand in QuickBooks: taken back, or its invoice became void."""
    is_taken_back = isinstance(record, Payment) and record.taken_back_at is not None
    return is_taken_back or record.invoice.status is InvoiceStatus.VOID


def usual_method(method: PaymentMethod, facts: CompanyFacts) -> str:
    """The Id of the one of the same name; empty where QuickBooks has none."""
    return next(filter(None, (facts.payment_methods.get(name) for name in METHOD_NAMES[method])), "")


def method_ref(method: PaymentMethod, facts: CompanyFacts) -> dict[str, Any]:
    """The field for the body; empty where QuickBooks knows no such method."""
    chosen = facts.chosen_methods.get(method, "")
    found = chosen if chosen in facts.payment_method_names else usual_method(method, facts)
    return {"PaymentMethodRef": {"value": found}} if found else {}
