"""The lines of a payment: how much of it goes to which invoice or credit memo (contract section 4.5)."""

from collections.abc import Iterable
from decimal import Decimal

from simulator.books.books import Books
from simulator.books.money import ZERO, to_cents
from simulator.books.table import Record
from simulator.faults import Fault, business, fault, not_found, required

PAYABLE, SPENDABLE = "Invoice", "CreditMemo"


def checked(books: Books, lines: Iterable[Record], customer: Record, before: Record | None) -> list[Record]:
    """The lines as they are kept. Raises 620 for what cannot be paid by this payment."""
    kept = [kept for line in lines if (kept := _checked_line(books, line, customer, before))]
    _refuse_repeated_links(kept)
    return kept


def unapplied(total: Decimal, lines: list[Record]) -> Decimal:
    """Money and credits that no invoice has taken yet. Raises 6000 when invoices take more than there is."""
    signs = {PAYABLE: 1, SPENDABLE: -1}
    applied = sum((signs[line["LinkedTxn"][0]["TxnType"]] * line["Amount"] for line in lines), ZERO)
    if applied > total:
        raise business("The amount applied to the transactions exceeds the payment amount.")
    return to_cents(total - applied)


def follow(books: Books, before: Record | None, after: Record | None) -> None:
    """Invoices and credits follow a payment that was added, changed or taken out."""
    payment_id = (after or before or {})["Id"]
    changes: dict[tuple[str, str], Decimal] = {}
    for record, sign in ((before, 1), (after, -1)):
        for kind, id_, applied in _applications(record):
            changes[kind, id_] = changes.get((kind, id_), ZERO) + sign * applied
    linked = {(kind, id_) for kind, id_, _ in _applications(after)}
    for (kind, id_), change in changes.items():
        _follow(books, kind, id_, change, payment_id, is_linked=(kind, id_) in linked)


def _follow(books: Books, kind: str, id_: str, change: Decimal, payment_id: str, is_linked: bool) -> None:
    """One of them: its balance, its links, its SyncToken."""
    target = books.get(kind, id_)
    if target is None:
        return
    balance = to_cents(target["Balance"] + change)
    changed: Record = {**target, "Balance": balance}
    if kind == SPENDABLE:
        changed["RemainingCredit"] = balance
    else:
        links = [entry for entry in target["LinkedTxn"] if entry["TxnId"] != payment_id]
        changed["LinkedTxn"] = [*links, {"TxnId": payment_id, "TxnType": "Payment"}] if is_linked else links
    books.replace(kind, target, changed)


def _applications(payment: Record | None) -> list[tuple[str, str, Decimal]]:
    """What a payment is applied to: kind, Id, amount."""
    if payment is None:
        return []
    return [
        (link["TxnType"], link["TxnId"], line["Amount"])
        for line in payment["Line"]
        for link in line["LinkedTxn"]
    ]


def _checked_line(books: Books, line: Record, customer: Record, before: Record | None) -> Record | None:
    """None for what stays unapplied."""
    if "Amount" not in line:
        raise required("Line.Amount")
    links = line.get("LinkedTxn", [])
    if len(links) != 1:
        raise required("Line.LinkedTxn")
    kind, id_ = links[0].get("TxnType"), links[0].get("TxnId", "")
    if kind not in (PAYABLE, SPENDABLE):
        raise _cannot_link(id_)
    target = books.get(kind, id_)
    if target is None:
        raise not_found()
    already = sum((applied for *key, applied in _applications(before) if key == [kind, id_]), ZERO)
    open_amount = target["Balance"] + already
    is_anothers = target["CustomerRef"]["value"] != customer["Id"]
    if is_anothers and not books.rules.refuse_paying_for_others:
        return None
    if is_anothers or line["Amount"] < 0 or not open_amount:
        raise _cannot_link(id_)
    applied = to_cents(min(line["Amount"], open_amount))  # the rest of an overpayment stays unapplied
    return {"Amount": applied, "LinkedTxn": [{"TxnId": id_, "TxnType": kind}], "LineEx": _line_extras(target)}


def _refuse_repeated_links(lines: list[Record]) -> None:
    seen = set()
    for line in lines:
        link = (line["LinkedTxn"][0]["TxnType"], line["LinkedTxn"][0]["TxnId"])
        if link in seen:
            raise _cannot_link(link[1])
        seen.add(link)


def _line_extras(target: Record) -> Record:
    """The bulky block that QuickBooks adds to a payment's lines."""
    facts = {
        "txnId": target["Id"],
        "txnOpenBalance": str(target["Balance"]),
        "txnReferenceNumber": target.get("DocNumber", ""),
    }
    return {
        "any": [
            {
                "name": "{http://schema.intuit.com/finance/v3}NameValue",
                "declaredType": "com.intuit.schema.finance.v3.NameValue",
                "scope": "javax.xml.bind.JAXBElement$GlobalScope",
                "value": {"Name": name, "Value": value},
                "nil": False,
                "globalScope": True,
                "typeSubstituted": False,
            }
            for name, value in facts.items()
        ]
    }


def _cannot_link(id_: str) -> Fault:
    return fault("620", f"Transaction Id {id_} cannot be linked.", "Line.LinkedTxn")
