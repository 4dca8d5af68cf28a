"""Credit memos (contract section 4.6): what the customer may use up."""

from collections.abc import Collection
from decimal import Decimal

from simulator.books.books import Books
from simulator.books.fields import reference
from simulator.books.money import to_cents
from simulator.books.sales import SalesDocument, applied_amount
from simulator.books.sales_fields import EMAIL_COPIES, SALES_ALSO_KNOWN, SALES_FIELDS, UNUSED_LINKS
from simulator.books.shape import Shape
from simulator.books.table import Record
from simulator.faults import business, fault


class CreditMemo(SalesDocument):
    name = "CreditMemo"
    shape = Shape(
        "CreditMemo",
        {**SALES_FIELDS, **EMAIL_COPIES, **UNUSED_LINKS, "SalesTermRef": reference, "InvoiceRef": reference},
        also_known=f"{SALES_ALSO_KNOWN} RemainingCredit CreditMemoEx DueDate ShipFromAddr "
        "DepositToAccountRef",
    )
    computed = frozenset({"Balance", "RemainingCredit"})

    def complete(
        self, books: Books, draft: Record, before: Record | None, options: Collection[str]
    ) -> Record:
        record = super().complete(books, draft, before, options)
        used = applied_amount(before) if before else 0
        if used > record["TotalAmt"]:
            raise business("The amount used cannot be more than the total of the credit.")
        left = to_cents(record["TotalAmt"] - used)
        return {**record, "RemainingCredit": left, "Balance": left}

    def open_amount(self, record: Record) -> Decimal:
        return -record["Balance"]

    def voided(self, books: Books, record: Record) -> Record:
        emptied = super().voided(books, record)
        return {**emptied, "RemainingCredit": emptied["Balance"]}

    def refuse_void(self, books: Books, record: Record) -> None:
        if applied_amount(record):
            raise fault("6480", "You cannot void this transaction because it is linked to a payment.")

    def refuse_delete(self, books: Books, record: Record) -> None:
        if applied_amount(record):
            raise fault("800", "The object cannot be deleted: unlink the transactions linked to it first.")
