"""What can be read but not written here: the company itself, its preferences, tax codes and rates."""

from simulator.books.kind import ReadOnlyKind


class CompanyInfo(ReadOnlyKind):
    name = "CompanyInfo"


class Preferences(ReadOnlyKind):
    name = "Preferences"


class TaxCode(ReadOnlyKind):
    name = "TaxCode"
    known_by = "Name"
    has_active = True
    filterable = frozenset({"Name", "Active", "Hidden"})


class TaxRate(ReadOnlyKind):
    name = "TaxRate"
    known_by = "Name"
    has_active = True
    filterable = frozenset({"Name", "Active"})
