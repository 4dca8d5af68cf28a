"""CompanyInfo and Preferences of a seeded company (contract section 4.7)."""

from simulator.books.table import Record
from simulator.seed.profiles import Profile

SUBSCRIBED = "SUBSCRIBED"


def company_info(profile: Profile) -> Record:
    return {
        "CompanyName": profile.name,
        "LegalName": profile.name,
        "CompanyAddr": {"Id": "1", **profile.address},
        "CustomerCommunicationAddr": {"Id": "1", **profile.address},
        "LegalAddr": {"Id": "1", **profile.address},
        "PrimaryPhone": {},
        "CompanyStartDate": "2024-01-02",
        "FiscalYearStartMonth": "January",
        "Country": profile.country,
        "Email": {"Address": "owner@sandbox.example"},
        "WebAddr": {},
        "SupportedLanguages": "en",
        "NameValue": [
            {"Name": "NeoEnabled", "Value": "true"},
            {"Name": "IndustryType", "Value": "Plumbing, Heating, and Air-Conditioning Contractors"},
            {"Name": "SubscriptionStatus", "Value": SUBSCRIBED},
            {"Name": "OfferingSku", "Value": "QuickBooks Online Plus"},
        ],
    }


def preferences(profile: Profile, tax_code_id: str, term_id: str) -> Record:
    return {
        "AccountingInfoPrefs": {
            "FirstMonthOfFiscalYear": "January",
            "UseAccountNumbers": False,
            "TaxYearMonth": "January",
            "ClassTrackingPerTxn": False,
            "ClassTrackingPerTxnLine": bool(profile.classes),
            "TrackDepartments": bool(profile.locations),
            "CustomerTerminology": "Customers",
        },
        "ProductAndServicesPrefs": {
            "ForSales": True,
            "ForPurchase": True,
            "QuantityWithPriceAndRate": True,
            "QuantityOnHand": True,
        },
        "SalesFormsPrefs": {
            "CustomTxnNumbers": profile.custom_numbers,
            "AllowDeposit": False,
            "AllowDiscount": True,
            "AllowEstimates": True,
            "AllowServiceDate": False,
            "AllowShipping": False,
            "AutoApplyCredit": False,
            "AutoApplyPayments": False,
            "DefaultTerms": {"value": term_id},
            "ETransactionEnabledStatus": "NotApplicable",
            "ETransactionAttachPDF": False,
            "ETransactionPaymentEnabled": False,
            "IPNSupportEnabled": False,
            "CustomField": [],
        },
        "EmailMessagesPrefs": {},
        "VendorAndPurchasesPrefs": {"TrackingByCustomer": True, "BillableExpenseTracking": True},
        "TimeTrackingPrefs": {"UseServices": True, "BillCustomers": True, "WorkWeekStartDate": "Monday"},
        "TaxPrefs": _tax_preferences(profile, tax_code_id),
        "CurrencyPrefs": {
            "MultiCurrencyEnabled": False,
            "HomeCurrency": {"value": profile.currency["value"]},
        },
        "ReportPrefs": {"ReportBasis": "Accrual", "CalcAgingReportFromTxnDate": False},
        "OtherPrefs": {"NameValue": []},
    }


def _tax_preferences(profile: Profile, tax_code_id: str) -> Record:
    """`PartnerTaxEnabled` is there only where Intuit computes the tax."""
    if profile.automated_tax:
        return {"UsingSalesTax": True, "PartnerTaxEnabled": True}
    if profile.country == "US":
        return {"UsingSalesTax": True, "TaxGroupCodeRef": {"value": tax_code_id}}
    return {"UsingSalesTax": True}
