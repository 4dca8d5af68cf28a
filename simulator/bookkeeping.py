"""What a bookkeeper does in QuickBooks itself: the same rules, no SyncToken to know (contract section 8, 9)."""

from collections.abc import Callable
from typing import Any

from simulator.books import credits, fields, writing
from simulator.books.company import Company
from simulator.books.customer import BY_BOOKKEEPER
from simulator.books.history import BOOKKEEPER
from simulator.books.kind import Kind
from simulator.books.kinds import KINDS
from simulator.books.money import ZERO
from simulator.books.table import Record
from simulator.faults import fault

Action = Callable[[Company, Kind, Record, dict[str, Any]], Record]


def perform(company: Company, kind: Kind, id_: str, action: str, sent: dict[str, Any]) -> Record:
    """Raises KeyError for an unknown action, Fault when the books refuse."""
    act = ACTIONS[action]
    with company.lock, company.written_by(BOOKKEEPER):
        return act(company, kind, writing.find(company, kind, id_), sent)


def enter(company: Company, kind: Kind, sent: dict[str, Any]) -> Record:
    """A new record, typed in by hand. Raises Fault when the books refuse."""
    with company.lock, company.written_by(BOOKKEEPER):
        return writing.create(company, kind, sent)


def _edit(company: Company, kind: Kind, record: Record, sent: dict[str, Any]) -> Record:
    """What a form shows and nobody touches stays; a payment's lines have to be said for that."""
    shown = {"Line": record["Line"]} if kind.name == "Payment" else {}
    return writing.update(company, kind, {**shown, **sent, **_version(record), "sparse": True})


def _pay(company: Company, kind: Kind, record: Record, sent: dict[str, Any]) -> Record:
    """Receive a payment for an invoice, its whole balance unless an amount is given."""
    if kind.name != "Invoice":
        raise fault("500", f"Operation pay is not supported for {kind.name}.")
    amount = fields.amount(sent.get("amount") or record["Balance"], "amount") or ZERO
    link = {"TxnId": record["Id"], "TxnType": "Invoice"}
    payment = {
        "CustomerRef": record["CustomerRef"],
        "TotalAmt": amount,
        "Line": [{"Amount": min(amount, record["Balance"]), "LinkedTxn": [link]}],
    }
    return writing.create(company, KINDS["Payment"], payment)


def _void(company: Company, kind: Kind, record: Record, sent: dict[str, Any]) -> Record:
    return writing.void(company, kind, _version(record))


def _delete(company: Company, kind: Kind, record: Record, sent: dict[str, Any]) -> Record:
    return writing.delete(company, kind, _version(record))


def _deposit(company: Company, kind: Kind, record: Record, sent: dict[str, Any]) -> Record:
    """Put a payment into a bank deposit: from now on it cannot change (6540)."""
    company.deposited.add(record["Id"])
    return record


def _set_active(active: bool) -> Action:
    def act(company: Company, kind: Kind, record: Record, sent: dict[str, Any]) -> Record:
        if not active and kind.name == "Customer" and company.rules.balance_inactive_debtors:
            _balance(company, record)
            record = writing.find(company, kind, record["Id"])
        change = {**_version(record), "sparse": True, "Active": active}
        return writing.update(company, kind, change, {BY_BOOKKEEPER})

    return act


def _balance(company: Company, customer: Record) -> None:
    """What a debtor owes is paid by a credit memo, so that it can be made inactive (contract section 4.1)."""
    if customer["Balance"] <= 0:
        return
    untaxed = {"TaxCodeRef": {"value": "NON"}} if company.is_us else {}
    line = {
        "DetailType": "SalesItemLineDetail",
        "Amount": customer["Balance"],
        "SalesItemLineDetail": {"ItemRef": {"value": "1"}, **untaxed},
    }
    memo = {"CustomerRef": {"value": customer["Id"]}, "Line": [line]}
    abroad = {} if company.is_us else {"GlobalTaxCalculation": "NotApplicable"}
    writing.create(company, KINDS["CreditMemo"], {**memo, **abroad})
    credits.spend(company, customer["Id"])


def _version(record: Record) -> dict[str, str]:
    return {"Id": record["Id"], "SyncToken": record["SyncToken"]}


ACTIONS: dict[str, Action] = {
    "edit": _edit,
    "pay": _pay,
    "void": _void,
    "delete": _delete,
    "deposit": _deposit,
    "deactivate": _set_active(False),
    "activate": _set_active(True),
}
