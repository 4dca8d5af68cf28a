"""Payments (contract section 4.5): money received, and credits, applied to invoices."""

from collections.abc import Collection
from decimal import Decimal

from simulator.books import references
from simulator.books.books import Books
from simulator.books.fields import amount, day, number, reference, text
from simulator.books.kind import Transaction
from simulator.books.money import ZERO, to_cents
from simulator.books.refund_receipt import check_money_account
from simulator.books.shape import Shape, many
from simulator.books.shapes import EVERYWHERE, IDENTITY, PAYMENT_LINE
from simulator.books.table import Record
from simulator.faults import Fault, business, fault, not_found, required

PAYABLE, SPENDABLE = "Invoice", "CreditMemo"


class Payment(Transaction):
    name = "Payment"
    shape = Shape(
        "Payment",
        {
            **IDENTITY,
            "TxnDate": day,
            "TotalAmt": amount,
            "CustomerRef": reference,
            "Line": many(PAYMENT_LINE),
            "PaymentRefNum": text(21),
            "PaymentMethodRef": reference,
            "DepositToAccountRef": reference,
            "PrivateNote": text(4000),
            "CurrencyRef": reference,
            "ExchangeRate": number,
        },
        also_known=f"{EVERYWHERE} UnappliedAmt ProcessPayment ARAccountRef CustomField DocNumber TxnSubType "
        "DepartmentRef TxnStatus LinkedTxn TxnTaxDetail TxnSource TaxFormType TaxFormNum "
        "TransactionLocationType Tag TxnApprovalInfo RecurDataRef RecurringInfo ProjectRef TotalCostAmount "
        "HomeTotalCostAmount RemitToRef PaymentType CheckPayment CreditCardPayment PaymentExtendedType "
        "PaymentEx TaxExemptionRef",
    )
    filterable = frozenset(["TxnDate", "CustomerRef", "TotalAmt", "PaymentRefNum"])
    grouped = frozenset({"CustomerRef"})
    ordered = frozenset({"TxnDate"})

    def complete(
        self, books: Books, draft: Record, before: Record | None, options: Collection[str]
    ) -> Record:
        if "TotalAmt" not in draft:
            raise business("You must set a transaction amount.")
        if "CustomerRef" not in draft:
            raise required("CustomerRef")
        if draft["TotalAmt"] < 0:
            raise fault("2290", "Negative amounts are not supported.", "TotalAmt")
        customer = references.resolve(books, "Customer", draft["CustomerRef"], "CustomerRef")
        lines = [_checked_line(books, line, customer, before) for line in draft.get("Line", [])]
        _refuse_repeated_links(lines)
        return {
            "TxnDate": books.clock.today(),
            "ProcessPayment": False,
            **{key: value for key, value in draft.items() if key != "ExchangeRate"},
            **_references(books, draft),
            "CustomerRef": references.to("Customer", customer),
            "CurrencyRef": books.currency,
            "TotalAmt": to_cents(draft["TotalAmt"]),
            "UnappliedAmt": _unapplied(draft["TotalAmt"], lines),
            "Line": lines,
        }

    def stored(self, books: Books, before: Record | None, after: Record | None) -> None:
        """Invoices and credits follow: their balance, their links, their SyncToken."""
        changes: dict[tuple[str, str], Decimal] = {}
        for record, sign in ((before, 1), (after, -1)):
            for kind, id_, applied in applications(record):
                changes[kind, id_] = changes.get((kind, id_), ZERO) + sign * applied
        for (kind, id_), change in changes.items():
            paid_by = (after or before or {})["Id"]
            linked = any((kind, id_) == application[:2] for application in applications(after))
            _apply(books, kind, id_, change, paid_by if linked else None, paid_by)

    def open_amount(self, record: Record) -> Decimal:
        return -record["UnappliedAmt"]

    def voided(self, books: Books, record: Record) -> Record:
        note = record.get("PrivateNote")
        return {
            **record,
            "PrivateNote": f"Voided - {note}" if note else "Voided",
            "TotalAmt": ZERO,
            "UnappliedAmt": ZERO,
            "Line": [],
        }

    def refuse_change(self, books: Books, record: Record) -> None:
        if record["Id"] in books.deposited:
            raise fault(
                "6540",
                "This transaction has been deposited. If you want to change or delete it, you must edit "
                "the deposit it appears on and remove it first.",
            )


def applications(payment: Record | None) -> list[tuple[str, str, Decimal]]:
    """What a payment is applied to: kind, Id, amount."""
    if payment is None:
        return []
    return [
        (link["TxnType"], link["TxnId"], line["Amount"])
        for line in payment["Line"]
        for link in line["LinkedTxn"]
    ]


def _checked_line(books: Books, line: Record, customer: Record, before: Record | None) -> Record:
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
    already = sum((applied for *key, applied in applications(before) if key == [kind, id_]), ZERO)
    open_amount = target["Balance"] + already
    if target["CustomerRef"]["value"] != customer["Id"] or line["Amount"] < 0 or not open_amount:
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


def _unapplied(total: Decimal, lines: list[Record]) -> Decimal:
    """Money and credits that no invoice has taken yet. Raises 6000 when invoices take more than there is."""
    signs = {PAYABLE: 1, SPENDABLE: -1}
    applied = sum((signs[line["LinkedTxn"][0]["TxnType"]] * line["Amount"] for line in lines), ZERO)
    if applied > total:
        raise business("The amount applied to the transactions exceeds the payment amount.")
    return to_cents(total - applied)


def _references(books: Books, draft: Record) -> Record:
    found = {}
    if "PaymentMethodRef" in draft:
        found["PaymentMethodRef"] = references.checked(
            books, "PaymentMethod", draft["PaymentMethodRef"], "PaymentMethodRef"
        )
    if "DepositToAccountRef" in draft:
        account = check_money_account(books, draft["DepositToAccountRef"])
    else:
        account = next(row for row in books.tables["Account"] if row["AccountSubType"] == "UndepositedFunds")
    return {**found, "DepositToAccountRef": references.to("Account", account)}


def _apply(books: Books, kind: str, id_: str, change: Decimal, link: str | None, payment_id: str) -> None:
    target = books.get(kind, id_)
    if target is None:
        return
    balance = to_cents(target["Balance"] + change)
    changed: Record = {**target, "Balance": balance}
    if kind == SPENDABLE:
        changed["RemainingCredit"] = balance
    else:
        links = [entry for entry in target["LinkedTxn"] if entry["TxnId"] != payment_id]
        changed["LinkedTxn"] = [*links, {"TxnId": link, "TxnType": "Payment"}] if link else links
    books.replace(kind, target, changed)
