"""What the simulator answers, held against the field facts of the real API: names, types, lengths, values."""

from collections.abc import Iterator
from typing import Any

import pytest

from simulator.books.kinds import KINDS
from tests.simulator.connected import Connected, discount, invoice_body, line
from tests.simulator.reference import FIELDS, read

Facts = dict[str, Any]

ALWAYS = {"domain", "sparse", "Id", "SyncToken", "MetaData"}
ALWAYS_IN = {
    "Customer": {
        "DisplayName",
        "FullyQualifiedName",
        "PrintOnCheckName",
        "Active",
        "Balance",
        "BalanceWithJobs",
    }
    | {"Taxable", "Job", "BillWithParent", "CurrencyRef", "PreferredDeliveryMethod"},
    "Invoice": {
        "Line",
        "CustomerRef",
        "TxnDate",
        "DueDate",
        "TotalAmt",
        "Balance",
        "CurrencyRef",
        "TxnTaxDetail",
    }
    | {"LinkedTxn", "PrintStatus", "EmailStatus", "ApplyTaxAfterDiscount"},
    "Item": {"Name", "Active", "FullyQualifiedName", "Taxable", "UnitPrice", "Type", "PurchaseCost"},
    "Payment": {
        "CustomerRef",
        "TotalAmt",
        "UnappliedAmt",
        "ProcessPayment",
        "TxnDate",
        "CurrencyRef",
        "Line",
    },
    "CreditMemo": {"Line", "CustomerRef", "TotalAmt", "RemainingCredit", "Balance", "TxnDate", "CurrencyRef"},
    "RefundReceipt": {"Line", "DepositToAccountRef", "TotalAmt", "Balance", "TxnDate", "CurrencyRef"},
}
TEXT_TYPES = {"string", "id", "anyURI", "date", "dateTime", "EntityStatusEnum"}
UNCHECKED = {"IntuitAnyType", "TransactionDeliveryInfo"}


@pytest.fixture(scope="module")
def facts() -> Facts:
    return read(FIELDS)


def full_books(connected: Connected, **tax: Any) -> dict[str, list[dict[str, Any]]]:
    """One of everything, with as much in it as an integration would send."""
    code = tax.pop("TaxCodeRef", {"value": "TAX"})
    customer = connected.customer(
        GivenName="Amy",
        BillAddr={"Line1": "1 Pier", "City": "Tucson", "CountrySubDivisionCode": "AZ", "PostalCode": "85701"},
        PrimaryEmailAddr={"Address": "amy@harbor.example"},
        PrimaryPhone={"FreeFormNumber": "555-0100"},
        WebAddr={"URI": "https://harbor.example"},
        SalesTermRef={"value": "2"},
        Notes="Key under the mat",
    )
    lines = [line("50", Qty=2, UnitPrice=25, TaxCodeRef=code), discount(percent="10")]
    lines.append({"DetailType": "DescriptionOnly", "Description": "Thank you"})
    memo = {"value": "Thank you"}
    invoice = connected.invoice(
        customer,
        *lines,
        DocNumber="A1",
        CustomerMemo=memo,
        BillEmail={"Address": "amy@harbor.example"},
        **tax,
    )
    link = {"TxnId": invoice["Id"], "TxnType": "Invoice"}
    paid = {
        "CustomerRef": {"value": customer["Id"]},
        "TotalAmt": 5,
        "Line": [{"Amount": 5, "LinkedTxn": [link]}],
    }
    connected.post("payment", {**paid, "PaymentMethodRef": {"value": "2"}, "PaymentRefNum": "10264"})
    connected.post("creditmemo", invoice_body(customer, *lines, **tax))
    connected.post("refundreceipt", invoice_body(customer, *lines, DepositToAccountRef={"value": "6"}, **tax))
    void = connected.invoice(customer, *lines, **tax)
    connected.post("invoice?operation=void", {"Id": void["Id"], "SyncToken": "0"})
    connected.post(f"invoice/{invoice['Id']}/send", None)
    return connected.simulator.books(connected.realm)


def differences(facts: Facts, kind: str, value: Any, where: str) -> Iterator[str]:
    known = {fact["name"]: fact for fact in facts["entities"].get(kind) or facts["types"][kind]}
    for name, inner in value.items():
        if name not in known:
            yield f"{where}.{name}: QuickBooks has no such field"
        else:
            yield from field_differences(facts, known[name], inner, f"{where}.{name}")


def field_differences(facts: Facts, fact: Facts, value: Any, where: str) -> Iterator[str]:
    if fact["array"] != isinstance(value, list):
        yield f"{where}: a list or not"
        return
    for entry in value if fact["array"] else [value]:
        yield from value_differences(facts, fact, entry, where)


def value_differences(facts: Facts, fact: Facts, value: Any, where: str) -> Iterator[str]:
    kind = fact["type"]
    if kind in UNCHECKED:
        return
    if kind in facts["entities"] or kind in facts["types"]:
        yield from differences(facts, kind, value, where)
    elif problem := scalar_problem(fact, kind, value):
        yield f"{where}: {value!r} {problem}"


def scalar_problem(fact: Facts, kind: str, value: Any) -> str | None:
    allowed = fact.get("enumReference") or fact.get("enum")
    if allowed and value not in allowed:
        return f"is none of {allowed}"
    if kind == "boolean":
        return None if isinstance(value, bool) else "is no boolean"
    if kind in TEXT_TYPES or kind.endswith("Enum"):
        if not isinstance(value, str):
            return "is no text"
        return "is too long" if len(value) > fact.get("maxLength", len(value)) else None
    return "is no number" if isinstance(value, str | bool) else None


@pytest.mark.parametrize("kind", ALWAYS_IN)
@pytest.mark.parametrize("company", ["us", "automated_tax", "uk"])
def test_objects_have_quickbooks_fields_only(
    facts: Facts, request: pytest.FixtureRequest, company: str, kind: str
) -> None:
    connected: Connected = request.getfixturevalue(company)
    tax = {"TxnTaxDetail": {"TxnTaxCodeRef": {"value": "1"}}}
    if company == "uk":
        tax = {"TaxCodeRef": {"value": "1"}, "GlobalTaxCalculation": "TaxInclusive"}
    records = full_books(connected, **tax)[kind]

    assert records
    for record in records:
        assert list(differences(facts, kind, record, kind)) == []
        assert ALWAYS | ALWAYS_IN[kind] <= set(record)


@pytest.mark.parametrize("kind", ALWAYS_IN)
def test_every_field_of_quickbooks_is_known_when_sent(facts: Facts, kind: str) -> None:
    """2010 must refuse nothing that the real API takes."""
    unknown = {fact["name"] for fact in facts["entities"][kind]} - set(KINDS[kind].shape.fields)
    assert unknown == set()


@pytest.mark.parametrize("kind", ALWAYS_IN)
def test_the_longest_text_fits_and_no_longer(facts: Facts, us: Connected, kind: str) -> None:
    """Each limit of the reference is enforced exactly where the simulator keeps the field."""
    us.simulator.company(us.realm, longest_display_name=500)
    shape = KINDS[kind].shape
    for fact in facts["entities"][kind]:
        longest = fact.get("maxLength")
        reader = shape.fields[fact["name"]]
        if not longest or fact["type"] != "string" or reader("", "x") is None:
            continue
        assert reader("x" * longest, fact["name"]) == "x" * longest
        with pytest.raises(Exception, match="2050"):
            reader("x" * (longest + 1), fact["name"])
