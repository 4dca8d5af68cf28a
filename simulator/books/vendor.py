"""Vendors: here because they share names with customers."""

from collections.abc import Collection

from simulator.books.books import Books
from simulator.books.fields import flag, text
from simulator.books.money import ZERO
from simulator.books.names import BUSINESS, Named
from simulator.books.shape import Shape
from simulator.books.shapes import EVERYWHERE
from simulator.books.table import Record


class Vendor(Named):
    name = "Vendor"
    shape = Shape(
        "Vendor",
        {
            **BUSINESS,
            "AcctNum": text(100),
            "Vendor1099": flag,
        },
        also_known=f"{EVERYWHERE} TermRef TaxIdentifier OtherContactInfo APAccountRef BusinessNumber "
        "CostRate BillRate Source T4AEligible T5018Eligible HasTPAR TaxReportingBasis GSTIN "
        "GSTRegistrationType VendorPaymentBankDetail",
    )
    computed = frozenset(["Balance", "CurrencyRef", "Vendor1099", "Active"])

    def complete(
        self, books: Books, draft: Record, before: Record | None, options: Collection[str]
    ) -> Record:
        record = self.named(books, draft, before)
        return {
            "Balance": ZERO,
            "Vendor1099": False,
            **record,
            "CurrencyRef": books.currency,
        }
