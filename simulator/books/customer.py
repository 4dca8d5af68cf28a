"""Customers and sub-customers (contract section 4.1)."""

from collections.abc import Collection

from simulator.books import references
from simulator.books.books import Books
from simulator.books.fields import choice, day, flag, reference, text
from simulator.books.money import ZERO, to_cents
from simulator.books.names import BUSINESS, Named, full_name
from simulator.books.shape import Shape
from simulator.books.shapes import ADDRESS, EVERYWHERE
from simulator.books.table import Record
from simulator.faults import bad_reference, fault

DEEPEST_LEVEL = 4
BY_BOOKKEEPER = "by-bookkeeper"  # an option of a change made in QuickBooks itself
EMAIL_REQUIRED = "An email address is required for this customer since the delivery type is email."


class Customer(Named):
    name = "Customer"
    shape = Shape(
        "Customer",
        {
            **BUSINESS,
            "DefaultTaxCodeRef": reference,
            "Taxable": flag,
            "ShipAddr": ADDRESS,
            "Notes": text(2000),
            "Job": flag,
            "BillWithParent": flag,
            "ParentRef": reference,
            "SalesTermRef": reference,
            "PaymentMethodRef": reference,
            "OpenBalanceDate": day,
            "PreferredDeliveryMethod": choice("Print", "Email", "None"),
            "ResaleNum": text(16),
            "AcctNum": text(99),
            "BusinessNumber": text(10),
        },
        also_known=f"{EVERYWHERE} FullyQualifiedName Level BalanceWithJobs IsProject CustomerTypeRef "
        "CustomField IntuitId Organization UserId V4IDPseudonym OtherContactInfo OtherAddr ContactName "
        "AltContactName RootCustomerRef SalesRepRef TaxGroupCodeRef TaxRateRef CCDetail PriceLevelRef "
        "CreditLimit OverDueBalance TotalRevenue TotalExpense JobInfo TDSEnabled CustomerEx "
        "SecondaryTaxIdentifier ARAccountRef PrimaryTaxIdentifier TaxExemptionReasonId GSTIN "
        "GSTRegistrationType IsCISContractor ClientCompanyId ClientEntityId Source TaxRegime",
    )
    computed = frozenset(
        ["Balance", "BalanceWithJobs", "CurrencyRef", "DefaultTaxCodeRef", "Taxable", "Active"]
    )

    filterable = Named.filterable | {"FullyQualifiedName"}
    grouped = frozenset({"ParentRef", "FullyQualifiedName", "PrimaryEmailAddr"})

    def complete(
        self, books: Books, draft: Record, before: Record | None, options: Collection[str]
    ) -> Record:
        parent = _parent(books, draft, before)
        record = self.named(books, draft, before, parent)
        _check_consistency(record)
        _check_references(books, record)
        if before and before["Active"] and not record["Active"] and BY_BOOKKEEPER not in options:
            _refuse_debtor(books, before)
        opening = to_cents(record.get("Balance", ZERO)) if before is None else before["Balance"]
        return {
            **_tax_defaults(books, record),
            "PreferredDeliveryMethod": "Print",
            "BillWithParent": False,
            **record,
            **_place(parent, record),
            "CurrencyRef": before["CurrencyRef"] if before else books.currency,
            "Balance": opening,
            "BalanceWithJobs": before["BalanceWithJobs"] if before else opening,
        }

    def stored(self, books: Books, before: Record | None, after: Record | None) -> None:
        """A new name shows in the full names of those below."""
        if not before or not after or before["FullyQualifiedName"] == after["FullyQualifiedName"]:
            return
        for child in books.tables[self.name].having("ParentRef", after["Id"]):
            renamed = books.amend(self.name, child, FullyQualifiedName=full_name(child["DisplayName"], after))
            self.stored(books, child, renamed)


def _check_consistency(record: Record) -> None:
    for field in ("Job", "BillWithParent"):
        if record.get(field) and "ParentRef" not in record:
            raise fault("6150", f"ParentRef is required if {field} is true.", "ParentRef")
    if record.get("PreferredDeliveryMethod") == "Email" and "PrimaryEmailAddr" not in record:
        raise fault("6420", EMAIL_REQUIRED, "PrimaryEmailAddr")


def _refuse_debtor(books: Books, customer: Record) -> None:
    if books.rules.refuse_inactivating_debtors and customer["Balance"]:
        raise fault("6220", "The customer has an open balance and cannot be made inactive.")


def _check_references(books: Books, record: Record) -> None:
    for field, kind in (("SalesTermRef", "Term"), ("PaymentMethodRef", "PaymentMethod")):
        if field in record:
            record[field] = references.checked(books, kind, record[field], field)
    if "DefaultTaxCodeRef" in record:
        record["DefaultTaxCodeRef"] = references.checked(
            books, "TaxCode", record["DefaultTaxCodeRef"], "DefaultTaxCodeRef"
        )
    if record.get("CurrencyRef", books.currency)["value"] != books.currency["value"]:
        raise fault(
            "2220", f"Invalid Currency Type. Supplied value: {record['CurrencyRef']['value']}", "CurrencyRef"
        )


def _parent(books: Books, record: Record, before: Record | None) -> Record | None:
    if "ParentRef" not in record:
        return None
    if before and record["ParentRef"]["value"] == before["Id"]:
        raise fault("900", "The same object cannot be the parent or child of itself.", "ParentRef")
    parent = books.get("Customer", record["ParentRef"]["value"])
    if parent is None:
        raise bad_reference("ParentRef")
    if parent.get("Level", 0) >= DEEPEST_LEVEL:
        raise fault(
            "6180", f"Customers can be nested up to {DEEPEST_LEVEL} levels below the top.", "ParentRef"
        )
    return parent


def _place(parent: Record | None, record: Record) -> Record:
    name = {"FullyQualifiedName": full_name(record["DisplayName"], parent)}
    if parent is None:
        return {**name, "Job": False}
    return {
        **name,
        "Job": record.get("Job", True),
        "ParentRef": {"value": parent["Id"]},
        "Level": parent.get("Level", 0) + 1,
    }


def _tax_defaults(books: Books, record: Record) -> Record:
    if not books.is_us or not books.prefers("TaxPrefs", "UsingSalesTax"):
        return {"Taxable": False}
    standard = books.preferences["TaxPrefs"].get("TaxGroupCodeRef")
    if standard is None or record.get("Taxable") is False:
        return {"Taxable": True}
    return {"Taxable": True, "DefaultTaxCodeRef": standard}
