"""A company's facts out of QuickBooks' answers (contract section 4.7)."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.mapping.facts import Account, CompanyFacts, TaxCode
from app.quickbooks.mapping.tracking import PerWhat

INCOME = ("Income",)
DEPOSIT = ("Bank", "Other Current Asset")


def facts_of_answers(
    company_info: RemoteRecord,
    preferences: RemoteRecord,
    accounts: Sequence[RemoteRecord],
    tax_codes: Sequence[RemoteRecord],
    tax_rates: Sequence[RemoteRecord],
    terms: Sequence[RemoteRecord] = (),
    payment_methods: Sequence[RemoteRecord] = (),
    classes: Sequence[RemoteRecord] = (),
    locations: Sequence[RemoteRecord] = (),
) -> CompanyFacts:
    """What QuickBooks does not answer has the harmless default of CompanyFacts."""
    sales, tax = preferences.get("SalesFormsPrefs", {}), preferences.get("TaxPrefs", {})
    currency, books = preferences.get("CurrencyPrefs", {}), preferences.get("AccountingInfoPrefs", {})
    closed = books.get("BookCloseDate")
    return CompanyFacts(
        name=company_info.get("CompanyName", ""),
        country=company_info.get("Country", "US"),
        home_currency=currency.get("HomeCurrency", {}).get("value", "USD"),
        multicurrency=bool(currency.get("MultiCurrencyEnabled", False)),
        uses_sales_tax=uses_sales_tax(preferences),
        automated_sales_tax="PartnerTaxEnabled" in tax,  # absent means: not automated (contract section 4.2)
        tax_is_set_up=bool(tax.get("PartnerTaxEnabled", True)),
        allow_discount=bool(sales.get("AllowDiscount", False)),
        custom_numbers=bool(sales.get("CustomTxnNumbers", False)),
        auto_apply_credit=bool(sales.get("AutoApplyCredit", False)),
        auto_apply_payments=bool(sales.get("AutoApplyPayments", False)),
        book_close_date=date.fromisoformat(closed[:10]) if closed else None,
        income_accounts=_accounts(accounts, INCOME),
        tax_codes=tuple(_tax_codes(tax_codes, tax_rates)),
        tax_rate_names=_rate_names(tax_rates) if "PartnerTaxEnabled" in tax else {},
        has_payments=bool(sales.get("ETransactionPaymentEnabled", False)),
        terms=_ids_by_name(terms),
        deposit_accounts=_accounts(accounts, DEPOSIT),
        payment_methods=_ids_by_name(payment_methods),
        payment_method_names=_names_by_id(payment_methods),
        classes_per=classes_per(preferences),
        tracks_locations=tracks_locations(preferences),
        classes=_names_by_id(classes),
        locations=_names_by_id(locations),
    )


def classes_per(preferences: RemoteRecord) -> PerWhat:
    """Where the company's classes stand; per line wins where an answer says both."""
    books = preferences.get("AccountingInfoPrefs", {})
    if books.get("ClassTrackingPerTxnLine"):
        return PerWhat.LINE
    return PerWhat.SALE if books.get("ClassTrackingPerTxn") else PerWhat.NOTHING


def tracks_locations(preferences: RemoteRecord) -> bool:
    return bool(preferences.get("AccountingInfoPrefs", {}).get("TrackDepartments", False))


def uses_sales_tax(preferences: RemoteRecord) -> bool:
    return bool(preferences.get("TaxPrefs", {}).get("UsingSalesTax", False))


def _accounts(records: Sequence[RemoteRecord], types: Collection[str]) -> tuple[Account, ...]:
    return tuple(
        Account(
            record["Id"],
            record.get("FullyQualifiedName") or record["Name"],
            record.get("AccountSubType", ""),
        )
        for record in records
        if record.get("AccountType") in types
    )


def _ids_by_name(records: Sequence[RemoteRecord]) -> dict[str, str]:
    return {record["Name"].casefold(): record["Id"] for record in records if record.get("Active", True)}


def _names_by_id(records: Sequence[RemoteRecord]) -> dict[str, str]:
    return {
        record["Id"]: record.get("FullyQualifiedName") or record["Name"]
        for record in records
        if record.get("Active", True)
    }


def _rate_names(rates: Sequence[RemoteRecord]) -> dict[str, str]:
    """Of those that are not in use any more too: older invoices have them."""
    return {rate["Id"]: rate["Name"] for rate in rates if rate.get("Name")}


def _tax_codes(codes: Sequence[RemoteRecord], rates: Sequence[RemoteRecord]) -> list[TaxCode]:
    """Sales codes only; a code's rate is the sum of the rates it is made of."""
    percent = {rate["Id"]: Decimal(str(rate.get("RateValue", 0))) for rate in rates}
    found = []
    for code in codes:
        details = code.get("SalesTaxRateList", {}).get("TaxRateDetail", [])
        rate_ids = tuple(detail["TaxRateRef"]["value"] for detail in details)
        if code.get("Active", True) and rate_ids and all(rate_id in percent for rate_id in rate_ids):
            total = sum((percent[rate_id] for rate_id in rate_ids), Decimal(0))
            found.append(TaxCode(code["Id"], code.get("Name", ""), total, rate_ids))
    return found
