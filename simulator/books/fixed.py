"""What can be read but not written here: the company itself, its preferences, tax codes and rates."""

from simulator.books.kind import ReadOnlyKind
from simulator.books.shape import Shape


class CompanyInfo(ReadOnlyKind):
    name = "CompanyInfo"


class Preferences(ReadOnlyKind):
    name = "Preferences"


class TaxCode(ReadOnlyKind):
    name = "TaxCode"
    grouped = frozenset({"Description"})  # of an automatic code: its place
    shape = Shape(
        "TaxCode",
        {},
        also_known="Name Description Active Hidden Taxable TaxGroup SalesTaxRateList PurchaseTaxRateList",
    )
    known_by = "Name"
    has_active = True
    filterable = frozenset({"Name", "Active", "Hidden"})


class TaxRate(ReadOnlyKind):
    name = "TaxRate"
    shape = Shape(
        "TaxRate", {}, also_known="Name Description Active RateValue AgencyRef SpecialTaxType DisplayType"
    )
    known_by = "Name"
    has_active = True
    filterable = frozenset({"Name", "Active"})
