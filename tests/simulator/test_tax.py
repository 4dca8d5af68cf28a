"""Sales tax three ways: US codes, automated, and other countries' codes (contract section 4.2, Tax)."""

from decimal import Decimal
from typing import Any

import pytest
import requests

from tests.simulator.connected import Connected, discount, invoice_body, line

TAX, NON = {"value": "TAX"}, {"value": "NON"}
CALIFORNIA, TUCSON = {"TxnTaxCodeRef": {"value": "1"}}, {"TxnTaxCodeRef": {"value": "2"}}
STANDARD, REDUCED = {"value": "1"}, {"value": "2"}


def taxed(amount: str) -> dict[str, Any]:
    return line(amount, TaxCodeRef=TAX)


def tax_amounts(invoice: dict[str, Any]) -> list[Decimal]:
    return [entry["Amount"] for entry in invoice["TxnTaxDetail"].get("TaxLine", [])]


def jurisdictions(company: Connected, invoice: dict[str, Any]) -> list[tuple[str, Decimal]]:
    lines = invoice["TxnTaxDetail"].get("TaxLine", [])
    rates = company.query("SELECT * FROM TaxRate MAXRESULTS 1000")["TaxRate"]
    names = {rate["Id"]: rate["Name"] for rate in rates}
    return [(names[entry["TaxLineDetail"]["TaxRateRef"]["value"]], entry["Amount"]) for entry in lines]


def test_a_us_code_taxes_the_taxable_lines(us: Connected) -> None:
    invoice = us.invoice(us.customer(), taxed("325.75"), line("50", TaxCodeRef=NON), TxnTaxDetail=CALIFORNIA)

    assert invoice["TxnTaxDetail"]["TotalTax"] == Decimal("26.06")
    detail = invoice["TxnTaxDetail"]["TaxLine"][0]["TaxLineDetail"]
    assert (detail["TaxPercent"], detail["NetAmountTaxable"]) == (Decimal(8), Decimal("325.75"))
    assert invoice["TotalAmt"] == Decimal("401.81")


def test_each_rate_of_a_code_is_rounded_by_itself(us: Connected) -> None:
    invoice = us.invoice(us.customer(), taxed("10.50"), TxnTaxDetail=TUCSON)
    assert tax_amounts(invoice) == [Decimal("0.75"), Decimal("0.21")]


@pytest.mark.parametrize(("after_discount", "tax"), [(False, "8.00"), (True, "7.20")])
def test_a_discount_before_or_after_tax(us: Connected, after_discount: bool, tax: str) -> None:
    lines = [taxed("100"), discount(percent="10")]
    invoice = us.invoice(us.customer(), *lines, TxnTaxDetail=CALIFORNIA, ApplyTaxAfterDiscount=after_discount)
    assert invoice["TxnTaxDetail"]["TotalTax"] == Decimal(tax)
    assert invoice["TotalAmt"] == Decimal(90) + Decimal(tax)


def test_a_sent_tax_total_is_honoured_and_spread(us: Connected) -> None:
    invoice = us.invoice(us.customer(), taxed("100"), TxnTaxDetail={**TUCSON, "TotalTax": Decimal("9.11")})
    assert invoice["TxnTaxDetail"]["TotalTax"] == sum(tax_amounts(invoice)) == Decimal("9.11")
    assert invoice["TotalAmt"] == Decimal("109.11")


def test_without_a_code_no_tax_is_added(us: Connected) -> None:
    assert us.invoice(us.customer(), taxed("100"))["TxnTaxDetail"] == {"TotalTax": 0}


def test_tax_is_ignored_when_sales_tax_is_off(us: Connected) -> None:
    us.simulator.company(us.realm, preferences={"TaxPrefs": {"UsingSalesTax": False}})
    invoice = us.invoice(us.customer(), taxed("100"), TxnTaxDetail={**CALIFORNIA, "TotalTax": 5})
    assert invoice["TotalAmt"] == Decimal(100)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"Line": [line("5", TaxCodeRef={"value": "1"})]}, "6100"),
        ({"TxnTaxDetail": {"TxnTaxCodeRef": {"value": "99"}}}, "2500"),
        (
            {
                "TxnTaxDetail": {
                    **CALIFORNIA,
                    "TaxLine": [
                        {"DetailType": "TaxLineDetail", "TaxLineDetail": {"TaxRateRef": {"value": "2"}}}
                    ],
                }
            },
            "2500",
        ),
    ],
)
def test_us_tax_refusals(us: Connected, fields: dict[str, Any], code: str) -> None:
    assert us.refused("invoice", {**invoice_body(us.customer(), taxed("5")), **fields})["code"] == code


def test_new_lines_are_taxed_again_with_the_same_code(us: Connected) -> None:
    invoice = us.invoice(us.customer(), taxed("100"), TxnTaxDetail={**CALIFORNIA, "TotalTax": 5})
    now = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True}
    untouched = us.post("invoice", {**now, "PrivateNote": "x"})["Invoice"]
    assert untouched["TxnTaxDetail"]["TotalTax"] == Decimal(5)

    changed = us.post("invoice", {**now, "SyncToken": "1", "Line": [taxed("50")]})["Invoice"]
    assert changed["TxnTaxDetail"]["TotalTax"] == Decimal(4)


def test_at_most_750_taxed_lines(us: Connected) -> None:
    body = invoice_body(us.customer(), *[taxed("1")] * 751, TxnTaxDetail=CALIFORNIA)
    assert us.refused("invoice", body)["code"] == "6000"


@pytest.mark.parametrize(
    ("place", "rates"),
    [
        ("NY", [("New York", "4.00")]),
        ("TX, austin", [("Texas", "6.25"), ("Texas, Capital Metro", "1.00"), ("Texas, Austin", "1.00")]),
        ("TX, Marfa", [("Texas", "6.25")]),
        ("OR, Portland", [("Oregon", "0.00")]),
        ("", [("California", "7.25"), ("California, Santa Clara County", "1.88")]),
        ("Elsewhere", [("California", "7.25"), ("California, Santa Clara County", "1.88")]),
    ],
)
def test_the_engine_taxes_by_place_whatever_code_was_sent(
    automated_tax: Connected, place: str, rates: list[tuple[str, str]]
) -> None:
    state, _, city = place.partition(", ")
    invoice = automated_tax.invoice(
        automated_tax.customer(BillAddr={"City": "New York", "CountrySubDivisionCode": "NY"}),
        taxed("100"),
        ShipAddr={"Line1": "1 Main St", "CountrySubDivisionCode": state, "City": city},
        TxnTaxDetail={"TxnTaxCodeRef": {"value": "1"}},
    )
    assert jurisdictions(automated_tax, invoice) == [(name, Decimal(rate)) for name, rate in rates]
    assert invoice["TotalAmt"] == Decimal(100) + sum(tax_amounts(invoice))


@pytest.mark.parametrize(("is_honoured", "total"), [(True, "19.99"), (False, "20.00")])
def test_a_tax_total_that_is_sent_abroad(uk: Connected, is_honoured: bool, total: str) -> None:
    uk.simulator.company(uk.realm, honour_tax_abroad=is_honoured)
    sold = line("100", TaxCodeRef=STANDARD)
    invoice = uk.invoice(uk.customer(), sold, TxnTaxDetail={"TotalTax": Decimal("19.99")})
    assert invoice["TxnTaxDetail"]["TotalTax"] == Decimal(total)


@pytest.mark.parametrize("is_named", [False, True])
def test_a_rate_may_be_named_beside_its_id(automated_tax: Connected, is_named: bool) -> None:
    automated_tax.simulator.company(automated_tax.realm, name_tax_rates=is_named)
    invoice = automated_tax.invoice(automated_tax.customer(), taxed("100"))
    (first, _) = invoice["TxnTaxDetail"]["TaxLine"]
    assert first["TaxLineDetail"]["TaxRateRef"].get("name") == ("California" if is_named else None)


def test_without_a_ship_address_the_company_pays_at_home(automated_tax: Connected) -> None:
    """The customer's own ShipAddr comes along; a BillAddr never counts."""
    arizona = {"City": "Tucson", "CountrySubDivisionCode": "AZ"}
    billed = automated_tax.invoice(automated_tax.customer("A", BillAddr=arizona), taxed("100"))
    shipped = automated_tax.invoice(automated_tax.customer("B", ShipAddr=arizona), taxed("100"))
    assert {name for name, _ in jurisdictions(automated_tax, billed)} == {
        "California",
        "California, Santa Clara County",
    }
    assert {name for name, _ in jurisdictions(automated_tax, shipped)} == {
        "Arizona",
        "Arizona, Pima County",
        "Arizona, Tucson",
    }


def test_a_new_place_is_taxed_anew(automated_tax: Connected) -> None:
    invoice = automated_tax.invoice(automated_tax.customer(), taxed("100"))
    moved = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True}
    moved = automated_tax.post("invoice", {**moved, "ShipAddr": {"CountrySubDivisionCode": "OR"}})["Invoice"]
    assert jurisdictions(automated_tax, moved) == [("Oregon", Decimal(0))]
    assert moved["TotalAmt"] == Decimal(100)


def test_the_books_show_liability_by_jurisdiction(automated_tax: Connected) -> None:
    """A sent total is kept and spread; credits and refunds lower what is owed, voided invoices owe nothing."""
    customer, tucson = automated_tax.customer(), {"City": "Tucson", "CountrySubDivisionCode": "AZ"}
    automated_tax.invoice(customer, taxed("100"), ShipAddr=tucson, TxnTaxDetail={"TotalTax": Decimal("8.00")})
    automated_tax.post("creditmemo", invoice_body(customer, taxed("10"), ShipAddr=tucson))
    voided = automated_tax.invoice(customer, taxed("500"), ShipAddr=tucson)
    automated_tax.post("invoice?operation=void", {"Id": voided["Id"], "SyncToken": "0"})

    liability = automated_tax.simulator.books(automated_tax.realm)["TaxLiability"]
    assert {row["Jurisdiction"]: (row["NetAmountTaxable"], row["Tax"]) for row in liability} == {
        "Arizona": (Decimal(90), Decimal("5.15") - Decimal("0.56")),
        "Arizona, Pima County": (Decimal(90), Decimal("0.46") - Decimal("0.05")),
        "Arizona, Tucson": (Decimal(90), Decimal("2.39") - Decimal("0.26")),
    }
    page = requests.get(f"{automated_tax.simulator.url}/companies/{automated_tax.realm}").text
    assert "Arizona, Tucson" in page


def test_the_engine_honours_a_sent_total(automated_tax: Connected) -> None:
    invoice = automated_tax.invoice(
        automated_tax.customer(), taxed("100"), TxnTaxDetail={"TotalTax": Decimal("8.25")}
    )
    assert invoice["TotalAmt"] == Decimal("108.25")
    assert sum(tax_amounts(invoice)) == Decimal("8.25")


def test_the_engine_leaves_exempt_customers_alone(automated_tax: Connected) -> None:
    invoice = automated_tax.invoice(automated_tax.customer(Taxable=False), taxed("100"))
    assert invoice["TotalAmt"] == Decimal(100)


def test_an_engine_that_is_not_set_up_adds_nothing(automated_tax: Connected) -> None:
    automated_tax.simulator.company(
        automated_tax.realm, preferences={"TaxPrefs": {"PartnerTaxEnabled": False}}
    )
    assert automated_tax.invoice(automated_tax.customer(), taxed("100"))["TotalAmt"] == Decimal(100)


def test_automated_tax_shows_in_the_preferences(automated_tax: Connected, us: Connected) -> None:
    assert automated_tax.get("preferences")["Preferences"]["TaxPrefs"]["PartnerTaxEnabled"] is True
    assert "PartnerTaxEnabled" not in us.get("preferences")["Preferences"]["TaxPrefs"]


def test_vat_by_code(uk: Connected) -> None:
    lines = [
        line("100", TaxCodeRef=STANDARD),
        line("50", TaxCodeRef=REDUCED),
        line("10.03", TaxCodeRef=STANDARD),
    ]
    invoice = uk.invoice(uk.customer(), *lines)
    assert tax_amounts(invoice) == [Decimal("22.01"), Decimal("2.50")]
    assert invoice["TotalAmt"] == Decimal("184.54")
    assert invoice["GlobalTaxCalculation"] == "TaxExcluded"
    assert invoice["CurrencyRef"]["value"] == "GBP"


def test_vat_inclusive_amounts_contain_their_tax(uk: Connected) -> None:
    invoice = uk.invoice(
        uk.customer(),
        line("120", Qty=7, UnitPrice=Decimal("17.142857"), TaxCodeRef=STANDARD),
        GlobalTaxCalculation="TaxInclusive",
    )
    assert invoice["TotalAmt"] == Decimal(120)
    assert invoice["TxnTaxDetail"]["TotalTax"] == Decimal(20)
    noted = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
    assert uk.post("invoice", noted)["Invoice"]["Line"] == invoice["Line"]
    assert invoice["Line"][0]["Amount"] == Decimal(100)
    assert invoice["Line"][0]["SalesItemLineDetail"]["TaxInclusiveAmt"] == Decimal(120)


@pytest.mark.parametrize("company", ["us", "automated_tax"])
@pytest.mark.parametrize("way", ["TaxInclusive", "NotApplicable"])
def test_the_way_of_taxing_is_for_other_countries(
    request: pytest.FixtureRequest, company: str, way: str
) -> None:
    """In the US it is left out, and changes nothing."""
    connected: Connected = request.getfixturevalue(company)
    tax = {} if company == "automated_tax" else {"TxnTaxDetail": TUCSON}
    customer = connected.customer()
    plain = connected.invoice(customer, taxed("100"), **tax)
    marked = connected.invoice(customer, taxed("100"), GlobalTaxCalculation=way, **tax)
    assert "GlobalTaxCalculation" not in marked
    assert (marked["TotalAmt"], marked["TxnTaxDetail"]) == (plain["TotalAmt"], plain["TxnTaxDetail"])


def test_every_line_needs_a_vat_code(uk: Connected) -> None:
    error = uk.refused("invoice", invoice_body(uk.customer(), line("5")))
    assert error["code"] == "6000"
    assert error["Detail"].endswith("Make sure all your transactions have a VAT rate before you save.")
    assert uk.refused("invoice", invoice_body(uk.customer("B"), line("5", TaxCodeRef=TAX)))["code"] == "2500"


def test_no_tax_detail_where_tax_does_not_apply(uk: Connected) -> None:
    body = invoice_body(uk.customer(), line("5"), GlobalTaxCalculation="NotApplicable")
    assert uk.refused("invoice", {**body, "TxnTaxDetail": {"TotalTax": 1}})["code"] == "6170"
    assert uk.post("invoice", body)["Invoice"]["TotalAmt"] == Decimal(5)
