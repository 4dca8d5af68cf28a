"""Vendors: here because they share names with customers."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from simulator.books.fields import Shape, amount, flag, label, reference, text
from simulator.books.money import ZERO
from simulator.books.names import Named
from simulator.books.shapes import ADDRESS, EMAIL, EVERYWHERE, IDENTITY, PHONE, WEBSITE
from simulator.books.table import Record

if TYPE_CHECKING:
    from simulator.books.company import Company


class Vendor(Named):
    name = "Vendor"
    shape = Shape(
        "Vendor",
        {
            **IDENTITY,
            "DisplayName": label(500),
            "Title": label(16),
            "GivenName": label(100),
            "MiddleName": label(100),
            "FamilyName": label(100),
            "Suffix": label(16),
            "CompanyName": text(100),
            "PrintOnCheckName": text(110),
            "Active": flag,
            "PrimaryPhone": PHONE,
            "AlternatePhone": PHONE,
            "Mobile": PHONE,
            "Fax": PHONE,
            "PrimaryEmailAddr": EMAIL,
            "WebAddr": WEBSITE,
            "BillAddr": ADDRESS,
            "AcctNum": text(100),
            "Vendor1099": flag,
            "CurrencyRef": reference,
            "Balance": amount,
        },
        also_known=f"{EVERYWHERE} TermRef TaxIdentifier OtherContactInfo APAccountRef BusinessNumber "
        "CostRate BillRate Source T4AEligible T5018Eligible HasTPAR TaxReportingBasis GSTIN "
        "GSTRegistrationType VendorPaymentBankDetail",
    )
    computed = frozenset(["Balance", "CurrencyRef", "Vendor1099", "Active"])

    def complete(
        self, company: "Company", draft: Record, before: Record | None, options: Collection[str]
    ) -> Record:
        record = self.named(company, draft, before)
        return {
            "Balance": ZERO,
            "Vendor1099": False,
            **record,
            "CurrencyRef": company.currency,
        }
