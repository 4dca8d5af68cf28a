"""Open the books of a seeded company: chart of accounts, items, terms, payment methods, tax, preferences."""

from decimal import Decimal

from simulator.books import writing
from simulator.books.company import Company
from simulator.books.kinds import KINDS
from simulator.books.table import Record
from simulator.clock import SimulatedClock
from simulator.seed.preferences import company_info, preferences
from simulator.seed.profiles import Profile
from simulator.seed.tax_codes import Tax

ACCOUNTS = (
    ("Services", "Income", "ServiceFeeIncome"),
    ("Sales of Product Income", "Income", "SalesOfProductIncome"),
    ("Discounts given", "Income", "DiscountsRefundsGiven"),
    ("Billable Expense Income", "Income", "ServiceFeeIncome"),
    ("Refunds-Allowances", "Income", "DiscountsRefundsGiven"),
    ("Checking", "Bank", "Checking"),
    ("Savings", "Bank", "Savings"),
    ("Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable"),
    ("Undeposited Funds", "Other Current Asset", "UndepositedFunds"),
    ("Inventory Asset", "Other Current Asset", "Inventory"),
    ("Accounts Payable (A/P)", "Accounts Payable", "AccountsPayable"),
    ("Sales Tax Payable", "Other Current Liability", "SalesTaxPayable"),
    ("Opening Balance Equity", "Equity", "OpeningBalanceEquity"),
    ("Retained Earnings", "Equity", "RetainedEarnings"),
    ("Cost of Goods Sold", "Cost of Goods Sold", "SuppliesMaterialsCogs"),
    ("Insurance", "Expense", "Insurance"),
    ("Office Expenses", "Expense", "OfficeGeneralAdministrativeExpenses"),
)
TERMS = (("Due on receipt", 0), ("Net 15", 15), ("Net 30", 30), ("Net 60", 60))
PAYMENT_METHODS = (
    ("Cash", "NON_CREDIT_CARD"),
    ("Check", "NON_CREDIT_CARD"),
    ("Credit Card", "CREDIT_CARD"),
    ("Bank Transfer", "NON_CREDIT_CARD"),
)
ITEMS = ("Services", "Hours")


def open_books(profile: Profile, clock: SimulatedClock) -> Company:
    company = Company(profile.realm, profile.name, profile.country, dict(profile.currency), clock)
    company.custom_fields = dict(profile.custom_fields)
    _write(company, "CompanyInfo", company_info(profile))
    tax_codes = [_tax_code(company, tax) for tax in profile.taxes]
    terms = {name: _create(company, "Term", {"Name": name, "DueDays": days}) for name, days in TERMS}
    _write(company, "Preferences", preferences(profile, tax_codes[0]["Id"], terms["Net 30"]["Id"]))
    _lists(company)
    for kind, names in (("Class", profile.classes), ("Department", profile.locations)):
        for name in names:
            _create(company, kind, {"Name": name})
    for name in profile.vendors:
        _create(company, "Vendor", {"DisplayName": name})
    for name in profile.employees:
        given, family = name.split()
        _create(company, "Employee", {"GivenName": given, "FamilyName": family})
    return company


def _lists(company: Company) -> None:
    for name, kind, subtype in ACCOUNTS:
        _create(company, "Account", {"Name": name, "AccountType": kind, "AccountSubType": subtype})
    income = company.tables["Account"].known_as("Services")[0]
    for name in ITEMS:
        _create(
            company, "Item", {"Name": name, "Type": "Service", "IncomeAccountRef": {"value": income["Id"]}}
        )
    for name, kind in PAYMENT_METHODS:
        _create(company, "PaymentMethod", {"Name": name, "Type": kind})


def _tax_code(company: Company, tax: Tax) -> Record:
    rates = [_shared_rate(company, name, percent) for name, percent in tax.rates]
    details = [
        {
            "TaxRateRef": {"value": rate["Id"], "name": rate["Name"]},
            "TaxTypeApplicable": "TaxOnAmount",
            "TaxOrder": 0,
        }
        for rate in rates
    ]
    return _write(
        company,
        "TaxCode",
        {
            "Name": tax.name,
            "Description": tax.place or tax.name,
            "Active": True,
            "Hidden": False,
            "Taxable": True,
            "TaxGroup": True,
            "SalesTaxRateList": {"TaxRateDetail": details},
            "PurchaseTaxRateList": {"TaxRateDetail": []},
        },
    )


def _shared_rate(company: Company, name: str, percent: str) -> Record:
    """A state has one rate, whatever cities add to it."""
    known = company.tables["TaxRate"].known_as(name)
    return known[0] if known else _write(company, "TaxRate", _rate(name, percent))


def _rate(name: str, percent: str) -> Record:
    return {
        "Name": name,
        "Description": name,
        "Active": True,
        "RateValue": Decimal(percent),
        "AgencyRef": {"value": "1"},
        "SpecialTaxType": "NONE",
        "DisplayType": "ReadOnly",
    }


def _create(company: Company, kind: str, body: Record) -> Record:
    return writing.create(company, KINDS[kind], body)


def _write(company: Company, kind: str, fields: Record) -> Record:
    """Past the API: what it offers no way to create."""
    return company.add(kind, fields)
