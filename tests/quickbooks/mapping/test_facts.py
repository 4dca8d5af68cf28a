"""What a QuickBooks company answers about itself, complete or not."""

from datetime import date
from decimal import Decimal

import pytest

from app.lib import exact_json
from app.quickbooks.mapping.facts import Account, CompanyFacts


def answers(**changes) -> dict:
    return {
        "company_info": {"CompanyName": "Harbor", "Country": "US"},
        "preferences": {
            "SalesFormsPrefs": {"AllowDiscount": True, "CustomTxnNumbers": True},
            "TaxPrefs": {"UsingSalesTax": True, "PartnerTaxEnabled": False},
            "CurrencyPrefs": {"HomeCurrency": {"value": "USD"}, "MultiCurrencyEnabled": False},
            "AccountingInfoPrefs": {"BookCloseDate": "2025-12-31"},
        },
        "accounts": [{"Id": "1", "Name": "Services", "AccountSubType": "ServiceFeeIncome"}],
        "tax_codes": [
            {"Id": "3", "Name": "Maine", "SalesTaxRateList": {"TaxRateDetail": [
                {"TaxRateRef": {"value": "7"}}, {"TaxRateRef": {"value": "8"}}]}},
            {"Id": "4", "Name": "Old", "Active": False, "SalesTaxRateList": {"TaxRateDetail": [
                {"TaxRateRef": {"value": "7"}}]}},
            {"Id": "NON", "Name": "NON"},
        ],
        "tax_rates": [{"Id": "7", "RateValue": Decimal("5.5")}, {"Id": "8", "RateValue": Decimal("0.25")}],
    } | changes  # fmt: skip


def test_everything_is_read_and_survives_storage():
    facts = CompanyFacts.from_answers(**answers())
    assert facts.is_us
    assert facts.allow_discount
    assert facts.automated_sales_tax
    assert facts.book_close_date == date(2025, 12, 31)
    assert facts.tax_code_for(Decimal("5.75")).id == "3"
    assert facts.tax_code_for(Decimal("5.5")) is None
    assert CompanyFacts.from_json(exact_json.loads(exact_json.dumps(facts.as_json()))) == facts


def test_absent_answers_have_harmless_defaults():
    facts = CompanyFacts.from_answers({}, {}, [], [], [])
    assert facts == CompanyFacts(name="")
    assert facts.default_income_account() is None
    assert CompanyFacts.from_json({}) == CompanyFacts()


@pytest.mark.parametrize(
    ("accounts", "chosen"),
    [
        ([("Discounts given", "DiscountsRefundsGiven"), ("Services", "ServiceFeeIncome")], "Services"),
        ([("Landscaping", "ServiceFeeIncome"), ("Services", "ServiceFeeIncome")], "Services"),
        ([("Other", "OtherPrimaryIncome"), ("Product sales", "SalesOfProductIncome")], "Product sales"),
        ([("Tips", "OtherPrimaryIncome")], "Tips"),
        ([("Discounts given", "DiscountsRefundsGiven")], None),
    ],
)  # fmt: skip
def test_a_sensible_income_account_is_preselected(accounts: list, chosen: str | None):
    facts = CompanyFacts(income_accounts=tuple(Account(str(n), *one) for n, one in enumerate(accounts)))
    account = facts.default_income_account()
    assert (account.name if account else None) == chosen
