"""Payments (contract section 4.5): money received, and credits, applied to invoices."""

from collections.abc import Collection
from decimal import Decimal

from simulator.books import payment_lines, references
from simulator.books.books import Books
from simulator.books.fields import amount, day, number, reference, text
from simulator.books.kind import Transaction
from simulator.books.money import ZERO, to_cents
from simulator.books.refund_receipt import check_money_account
from simulator.books.shape import Shape, many
from simulator.books.shapes import EVERYWHERE, IDENTITY, PAYMENT_LINE
from simulator.books.table import Record
from simulator.books.void_notes import note_of_void
from simulator.faults import business, fault, required


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
    filterable = frozenset({"TxnDate", "CustomerRef"})
    grouped = frozenset({"CustomerRef"})
    ordered = frozenset({"TxnDate"})

    def carried_over(self, books: Books, before: Record, sent: Record) -> Record:
        """Lines are all or nothing in a sparse update too (contract section 2.5): none may mean none."""
        if "Line" in sent or not books.rules.payment_updates_need_lines:
            return before
        return {**before, "Line": []}

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
        lines = payment_lines.checked(books, draft.get("Line", []), customer, before)
        return {
            "TxnDate": books.clock.today(),
            "ProcessPayment": False,
            **{key: value for key, value in draft.items() if key != "ExchangeRate"},
            **_references(books, draft),
            "CustomerRef": references.to("Customer", customer),
            "CurrencyRef": books.currency,
            "TotalAmt": to_cents(draft["TotalAmt"]),
            "UnappliedAmt": payment_lines.unapplied(draft["TotalAmt"], lines),
            "Line": lines,
        }

    def stored(self, books: Books, before: Record | None, after: Record | None) -> None:
        payment_lines.follow(books, before, after)

    def open_amount(self, record: Record) -> Decimal:
        return -record["UnappliedAmt"]

    def voided(self, books: Books, record: Record) -> Record:
        return {
            **record,
            "PrivateNote": note_of_void(books, record),
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
