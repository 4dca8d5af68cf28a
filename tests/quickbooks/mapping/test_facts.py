"""What a QuickBooks company answers about itself, complete or not."""

from datetime import date
from decimal import Decimal

import pytest

from app.lib import exact_json
from app.quickbooks.mapping.facts import Account, CompanyFacts
from app.quickbooks.mapping.facts_of_answers import facts_of_answers


def answers(**changes) -> dict:
    return {
        "company_info": {"CompanyName": "Harbor", "Country": "US"},
        "preferences": {
            "SalesFormsPrefs": {"AllowDiscount": True, "CustomTxnNumbers": True},
            "TaxPrefs": {"UsingSalesTax": True, "PartnerTaxEnabled": False},
            "CurrencyPrefs": {"HomeCurrency": {"value": "USD"}, "MultiCurrencyEnabled": False},
            "AccountingInfoPrefs": {"BookCloseDate": "2025-12-31"},
        },
        "accounts": [
            {"Id": "1", "Name": "Services", "AccountType": "Income", "AccountSubType": "ServiceFeeIncome"},
            {"Id": "35", "Name": "Checking", "AccountType": "Bank", "AccountSubType": "Checking"},
        ],
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
    facts = facts_of_answers(**answers())
    assert facts.is_us
    assert facts.allow_discount
    assert facts.automated_sales_tax
    assert not facts.tax_is_set_up
    assert facts.book_close_date == date(2025, 12, 31)
    assert facts.tax_code_for(Decimal("5.75")).id == "3"
    assert facts.tax_code_for(Decimal("5.5")) is None
    assert CompanyFacts.from_json(exact_json.loads(exact_json.dumps(facts.as_json()))) == facts


def test_what_payments_and_refunds_need_is_read_and_survives_storage():
    facts = facts_of_answers(
        **answers(
            payment_methods=[{"Id": "2", "Name": "Check"}, {"Id": "3", "Name": "Old", "Active": False}],
        )
    )
    assert facts.income_accounts == (Account("1", "Services", "ServiceFeeIncome"),)
    assert facts.deposit_accounts == (Account("35", "Checking", "Checking"),)
    assert facts.payment_methods == {"check": "2"}
    assert CompanyFacts.from_json(exact_json.loads(exact_json.dumps(facts.as_json()))) == facts


def test_facts_stored_before_payments_synced_still_load():
    stored = facts_of_answers(**answers()).as_json()
    for new in ("deposit_accounts", "payment_methods", "auto_apply_payments"):
        del stored[new]
    facts = CompanyFacts.from_json(exact_json.loads(exact_json.dumps(stored)))
    assert (facts.name, facts.deposit_accounts, facts.payment_methods) == ("Harbor", (), {})


@pytest.mark.parametrize(
    ("accounts", "chosen"),
    [
        ([("Bank of Maine", "Checking"), ("Undeposited Funds", "UndepositedFunds")], "Undeposited Funds"),
        ([("Savings", "Savings"), ("Bank of Maine", "Checking")], "Bank of Maine"),
        ([("Inventory Asset", "Inventory")], None),
        ([], None),
    ],
)
def test_a_sensible_deposit_account_is_proposed(accounts: list, chosen: str | None):
    facts = CompanyFacts(deposit_accounts=tuple(Account(str(n), *one) for n, one in enumerate(accounts)))
    account = facts.default_deposit_account()
    assert (account.name if account else None) == chosen


def test_absent_answers_have_harmless_defaults():
    facts = facts_of_answers({}, {}, [], [], [])
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


def test_what_a_newer_version_stored_besides_is_left_aside():
    stored = CompanyFacts(
        name="Harbor", income_accounts=(Account("79", "Sales", "ServiceFeeIncome"),)
    ).as_json()
    stored["rounding"] = "half even"
    stored["income_accounts"][0]["currency"] = "USD"
    facts = CompanyFacts.from_json(stored)
    assert (facts.name, facts.income_accounts[0].name) == ("Harbor", "Sales")
