"""Invoices (contract section 4.2)."""

from collections.abc import Collection
from decimal import Decimal

from simulator.books.books import Books
from simulator.books.fields import amount, day, flag, reference
from simulator.books.money import ZERO, to_cents
from simulator.books.sales import SalesDocument, applied_amount
from simulator.books.sales_fields import EMAIL_COPIES, LINKED, SALES_ALSO_KNOWN, SALES_FIELDS
from simulator.books.shape import Shape
from simulator.books.shapes import ADDRESS
from simulator.books.table import Record
from simulator.books.term import due_date
from simulator.faults import business, fault

RETIRED_FLAGS = dict.fromkeys(("AllowIPNPayment", "AllowOnlinePayment"), False)
PAYMENT_FLAGS = ("AllowOnlineCreditCardPayment", "AllowOnlineACHPayment")


class Invoice(SalesDocument):
    name = "Invoice"
    shape = Shape(
        "Invoice",
        {
            **SALES_FIELDS,
            **EMAIL_COPIES,
            **LINKED,
            "DueDate": day,
            "SalesTermRef": reference,
            "ShipFromAddr": ADDRESS,
            "Deposit": amount,
            "DepositToAccountRef": reference,
            **dict.fromkeys([*RETIRED_FLAGS, *PAYMENT_FLAGS], flag),
        },
        also_known=f"{SALES_ALSO_KNOWN} AllowOnlinePayPalPayment AllowOnlineAffirmPayment EInvoiceStatus "
        "ECloudStatusTimeStamp CfdiUse Exportation GlobalInfo invoiceStatus callToAction invoiceStatusLog "
        "InvoiceEx LessCIS InvoiceLink PaymentDetailsMessage ConvenienceFeeDetail EnabledSurchargeInfo "
        "InvoiceLinkSecurityCode InvoiceLinkExpiryDate AutoPayEligible SchedulePayEligible "
        "ScheduledPaymentId GratuityEnabled FinancingProductType SubscriptionPaymentsSetting "
        "TxnRetainageDetail",
    )
    computed = frozenset({"LinkedTxn", "Balance", *RETIRED_FLAGS, *PAYMENT_FLAGS})
    filterable = SalesDocument.filterable | {"DueDate", "SalesTermRef"}

    def carried_over(self, books: Books, before: Record, sent: Record) -> Record:
        """A new date or term gives a new due date, unless one comes along."""
        carried = super().carried_over(books, before, sent)
        if {"SalesTermRef", "TxnDate"} & sent.keys():
            carried.pop("DueDate", None)
        return carried

    def complete(
        self, books: Books, draft: Record, before: Record | None, options: Collection[str]
    ) -> Record:
        _check_deposit(books, draft)
        record = super().complete(books, draft, before, options)
        applied = _paid(before) + record.get("Deposit", ZERO)
        if applied > record["TotalAmt"]:
            raise business("The amount paid cannot be more than the total of the transaction.")
        return {
            **RETIRED_FLAGS,
            **_payment_flags(books),
            **record,
            **_due(books, record, before),
            "LinkedTxn": before["LinkedTxn"] if before else [],
            "Balance": to_cents(record["TotalAmt"] - applied),
        }

    def open_amount(self, record: Record) -> Decimal:
        return record["Balance"]

    def refuse_void(self, books: Books, record: Record) -> None:
        if record["LinkedTxn"]:
            raise fault("6480", "You cannot void this transaction because it is linked to a payment.")

    def refuse_delete(self, books: Books, record: Record) -> None:
        if record["LinkedTxn"]:
            raise fault("800", "The object cannot be deleted: unlink the transactions linked to it first.")


def _payment_flags(books: Books) -> dict[str, bool]:
    """Since September 2024 the company's own settings, unless the invoice says otherwise (contract section 4.2)."""
    return dict.fromkeys(PAYMENT_FLAGS, bool(books.prefers("SalesFormsPrefs", "ETransactionPaymentEnabled")))


def _paid(before: Record | None) -> Decimal:
    """By payments and credits, beside the deposit."""
    return applied_amount(before) - before.get("Deposit", ZERO) if before else ZERO


def _check_deposit(books: Books, draft: Record) -> None:
    if draft.get("Deposit") and not books.prefers("SalesFormsPrefs", "AllowDeposit"):
        raise business("Deposits are turned off in this company's preferences.")


def _due(books: Books, record: Record, before: Record | None) -> Record:
    """The term gives the due date unless one was sent; a customer's own term comes first."""
    term_ref = record.get("SalesTermRef") or _customers_term(books, record, before)
    terms = {"SalesTermRef": term_ref} if term_ref else {}
    if "DueDate" in record:
        return terms
    usual = term_ref or books.preferences["SalesFormsPrefs"].get("DefaultTerms")
    term = books.get("Term", usual["value"]) if usual else None
    return {**terms, "DueDate": due_date(term, record["TxnDate"])}


def _customers_term(books: Books, record: Record, before: Record | None) -> Record | None:
    customer = books.get("Customer", record["CustomerRef"]["value"]) if before is None else None
    return customer.get("SalesTermRef") if customer else None
