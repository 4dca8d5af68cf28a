"""What a write asks for, alone or inside a batch."""

import re
from collections.abc import Collection, Iterable
from typing import Any

from simulator.books import writing
from simulator.books.company import Company
from simulator.books.kind import Kind
from simulator.books.shapes import EMAIL
from simulator.books.table import Record
from simulator.clock import record_time
from simulator.faults import fault, required

ENUMERATIONS = {"DetailType", "PrintStatus", "EmailStatus", "GlobalTaxCalculation"}
SENDABLE = ("Invoice", "CreditMemo", "RefundReceipt")


def included(values: Iterable[str]) -> frozenset[str]:
    """The options of `include=` or of a batch item's optionsData, separated by commas."""
    return frozenset(option.strip() for value in values for option in value.split(",") if option.strip())


def verb(body: dict[str, Any], asked: str, options: Collection[str]) -> str:
    """create, update, delete or void. A payment is voided by an update that includes it."""
    if asked == "void" or "void" in options:
        return "void"
    if asked == "delete":
        return "delete"
    return "update" if asked == "update" or body.get("Id") else "create"


def refuse_undocumented_void(kind: Kind, asked: str, options: Collection[str]) -> None:
    """An invoice is voided by operation=void, a payment by an update that includes it (contract section 2.1)."""
    documented = {"Invoice": asked == "void", "Payment": asked != "void" and "void" in options}
    if not documented.get(kind.name, False):
        raise fault("500", f"Operation void is not supported for {kind.name}.")


def perform(
    company: Company, kind: Kind, verb_: str, body: dict[str, Any], options: Collection[str]
) -> Record:
    """Raises Fault. The company is locked by the caller."""
    if verb_ == "create":
        return writing.create(company, kind, body, options)
    if verb_ == "update":
        return writing.update(company, kind, body, options)
    if verb_ == "delete":
        return writing.delete(company, kind, body)
    record = writing.void(company, kind, body)
    return _shouted(record) if company.rules.void_answers_shout else record


def _shouted(record: Record) -> Record:
    """Enumerations as Intuit's void sample spells them."""
    shown = {key: _shout(value) if key in ENUMERATIONS else value for key, value in record.items()}
    if "Line" in record:
        shown["Line"] = [_shouted(line) for line in record["Line"]]
    return shown


def _shout(value: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", value).upper()


def send(company: Company, kind: Kind, id_: str, address: str | None) -> Record:
    """Mark a document as mailed. No mail leaves this machine."""
    if kind.name not in SENDABLE:
        raise fault("500", f"Operation send is not supported for {kind.name}.")
    writing.require_writable(company, kind)
    record = writing.find(company, kind, id_)
    recipient = EMAIL({"Address": address}, "BillEmail") if address else record.get("BillEmail")
    if not recipient:
        raise required("BillEmail")
    delivery = {"DeliveryType": "Email", "DeliveryTime": record_time(company.clock.now())}
    return company.replace(
        kind.name,
        record,
        {**record, "EmailStatus": "EmailSent", "BillEmail": recipient, "DeliveryInfo": delivery},
    )
