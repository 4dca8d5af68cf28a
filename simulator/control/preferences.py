"""The preferences that may be set from outside, and what each of them can be."""

from collections.abc import Mapping
from typing import Any

from simulator.checks import Check, checked, day, flag, optional, reference, text

Groups = Mapping[str, Mapping[str, Check]]


def _flags(names: str) -> dict[str, Check]:
    return dict.fromkeys(names.split(), optional(flag))


def _texts(names: str) -> dict[str, Check]:
    return dict.fromkeys(names.split(), optional(text))


PREFERENCES: Groups = {
    "AccountingInfoPrefs": {
        **_flags("UseAccountNumbers ClassTrackingPerTxn ClassTrackingPerTxnLine TrackDepartments"),
        **_texts("FirstMonthOfFiscalYear TaxYearMonth CustomerTerminology DepartmentTerminology TaxForm"),
        "BookCloseDate": optional(day),
    },
    "ProductAndServicesPrefs": _flags("ForSales ForPurchase QuantityWithPriceAndRate QuantityOnHand"),
    "SalesFormsPrefs": {
        **_flags("CustomTxnNumbers AllowDeposit AllowDiscount AllowEstimates AllowServiceDate AllowShipping"),
        **_flags("AutoApplyCredit IPNSupportEnabled"),
        **_flags("ETransactionAttachPDF ETransactionPaymentEnabled"),
        **_texts("ETransactionEnabledStatus DefaultCustomerMessage"),
        "DefaultTerms": optional(reference),
    },
    "VendorAndPurchasesPrefs": _flags("TrackingByCustomer BillableExpenseTracking"),
    "TimeTrackingPrefs": {**_flags("UseServices BillCustomers"), **_texts("WorkWeekStartDate")},
    "TaxPrefs": {**_flags("UsingSalesTax PartnerTaxEnabled"), "TaxGroupCodeRef": optional(reference)},
    "CurrencyPrefs": _flags("MultiCurrencyEnabled"),
    "ReportPrefs": {**_texts("ReportBasis"), **_flags("CalcAgingReportFromTxnDate")},
}


def checked_preferences(value: Any) -> dict[str, dict[str, Any]]:
    """Groups of preferences; a null takes one away. Raises ValueError."""
    if not isinstance(value, dict):
        raise ValueError("must be an object of groups")
    kept = {}
    for group, changes in value.items():
        if group not in PREFERENCES or not isinstance(changes, dict):
            raise ValueError(f"has no group {group}" if group not in PREFERENCES else f"{group} is no object")
        kept[group] = checked(changes, PREFERENCES[group], "preference")
    return kept
