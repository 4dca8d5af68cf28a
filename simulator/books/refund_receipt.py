"""Refund receipts (contract section 4.6): money that goes back at once."""

from collections.abc import Collection

from simulator.books import references
from simulator.books.books import Books
from simulator.books.fields import reference, text
from simulator.books.money import ZERO
from simulator.books.sales import SalesDocument
from simulator.books.sales_fields import EMAIL_COPIES, SALES_ALSO_KNOWN, SALES_FIELDS, UNUSED_LINKS
from simulator.books.shape import Shape
from simulator.books.table import Record
from simulator.faults import fault, required

PAYING_ACCOUNTS = ("Bank", "Other Current Asset")


class RefundReceipt(SalesDocument):
    name = "RefundReceipt"
    needs_customer = False
    shape = Shape(
        "RefundReceipt",
        {
            **SALES_FIELDS,
            **EMAIL_COPIES,
            **UNUSED_LINKS,
            "PaymentRefNum": text(100),
            "DepositToAccountRef": reference,
        },
        also_known=f"{SALES_ALSO_KNOWN} RemainingCredit RefundReceiptEx DueDate ShipFromAddr SalesTermRef",
    )

    def complete(
        self, books: Books, draft: Record, before: Record | None, options: Collection[str]
    ) -> Record:
        if "DepositToAccountRef" not in draft:
            raise required("DepositToAccountRef")
        check_money_account(books, draft["DepositToAccountRef"])
        return {**super().complete(books, draft, before, options), "Balance": ZERO}


def check_money_account(books: Books, reference_: Record) -> Record:
    """The account that money comes from or goes to. Raises 2500 and 6430."""
    account = references.resolve(books, "Account", reference_, "DepositToAccountRef")
    if account["AccountType"] not in PAYING_ACCOUNTS:
        raise fault("6430", f"Invalid account type: {account['AccountType']} used", "DepositToAccountRef")
    return account
