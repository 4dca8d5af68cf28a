"""Items, accounts, terms and payment methods (contract sections 4.3, 4.4 and 4.8)."""

from typing import Any

import pytest

from tests.simulator.connected import Connected

SERVICE = {"Name": "Repair", "Type": "Service", "IncomeAccountRef": {"value": "1"}}
INVENTORY = {
    "Name": "Boiler",
    "Type": "Inventory",
    "IncomeAccountRef": {"value": "2"},
    "ExpenseAccountRef": {"value": "15"},
    "AssetAccountRef": {"value": "10"},
    "QtyOnHand": 3,
    "InvStartDate": "2026-01-01",
}


def test_a_service_item_is_created_under_its_income_account(us: Connected) -> None:
    item = us.post("item", {**SERVICE, "Sku": "R-1", "UnitPrice": 95})["Item"]
    assert item["IncomeAccountRef"] == {"value": "1", "name": "Services"}
    assert item["FullyQualifiedName"] == "Repair"
    assert (
        us.query("SELECT * FROM Item WHERE Name = 'repair' AND Active = true")["Item"][0]["Id"] == item["Id"]
    )
    assert us.post("item", INVENTORY)["Item"]["TrackQtyOnHand"] is True


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("item", {**SERVICE, "Name": None}, "2020"),
        ("item", {**SERVICE, "Type": None}, "2020"),
        ("item", {**SERVICE, "Name": "services"}, "6240"),
        ("item", {**SERVICE, "Name": "a:b"}, "2040"),
        ("item", {**SERVICE, "Name": "x" * 101}, "2050"),
        ("item", {**SERVICE, "IncomeAccountRef": None}, "2020"),
        ("item", {**SERVICE, "IncomeAccountRef": {"value": "6"}}, "6430"),
        ("item", {**SERVICE, "IncomeAccountRef": {"value": "99"}}, "2500"),
        ("item", {**SERVICE, "QtyOnHand": 3}, "2010"),
        ("item", {**SERVICE, "ParentRef": {"value": "99"}}, "2500"),
        ("item", {**INVENTORY, "AssetAccountRef": None}, "2020"),
        ("account", {"Name": "Extra"}, "6010"),
        ("account", {"Name": 'Ex"tra', "AccountType": "Income"}, "2040"),
        ("account", {"Name": "Services", "AccountType": "Income"}, "6240"),
        ("account", {"Name": "Extra", "AccountType": "Gold"}, "2170"),
        ("account", {"Name": "Extra", "AccountType": "Income", "AcctNum": "12345678"}, "2050"),
        ("term", {"Name": "Net 90"}, "2020"),
        ("term", {"Name": "Net 9000", "DueDays": 9000}, "2240"),
        ("term", {"Name": "Net 30", "DueDays": 30}, "6240"),
        ("paymentmethod", {"Name": "Cash"}, "6240"),
        ("taxcode", {"Name": "Mine"}, "500"),
        ("preferences", {"Name": "Mine"}, "500"),
        ("widget", {"Name": "Mine"}, "500"),
    ],
)
def test_list_refusals(us: Connected, path: str, body: dict[str, Any], code: str) -> None:
    assert us.refused(path, body)["code"] == code


def test_plans_have_limits(us: Connected) -> None:
    us.simulator.company(us.realm, plan="Essentials")
    assert us.refused("item", INVENTORY, status=403)["code"] == "5030"
    pairs = us.get(f"companyinfo/{us.realm}")["CompanyInfo"]["NameValue"]
    assert {"Name": "OfferingSku", "Value": "QuickBooks Online Essentials"} in pairs

    held = us.query("SELECT COUNT(*) FROM Account")["totalCount"]
    for number in range(250 - held):
        us.post("account", {"Name": f"Extra {number}", "AccountType": "Income"})
    beyond = {"Name": "One more", "AccountType": "Income"}
    assert us.refused("account", beyond)["code"] == "6000"
    us.simulator.company(us.realm, plan="Advanced")
    assert us.post("account", beyond)


def test_an_account_gets_its_classification(us: Connected) -> None:
    account = us.post("account", {"Name": "Heating Services", "AccountSubType": "ServiceFeeIncome"})[
        "Account"
    ]
    assert (account["AccountType"], account["Classification"]) == ("Income", "Revenue")
    below = us.post(
        "account", {"Name": "Boilers", "AccountType": "Income", "ParentRef": {"value": account["Id"]}}
    )
    assert below["Account"]["FullyQualifiedName"] == "Heating Services:Boilers"
    assert below["Account"]["SubAccount"] is True


def test_a_deactivated_item_frees_its_name(us: Connected) -> None:
    gone = us.post("item", {"Id": "1", "SyncToken": "0", "sparse": True, "Active": False})["Item"]
    assert gone["Name"] == "Services (deleted)"
    again = us.post("item", {**SERVICE, "Name": "Services"})["Item"]
    assert again["Id"] != "1"
    second = us.simulator.bookkeeper(us.realm, "Item", again["Id"], "deactivate")
    assert second["Name"] == "Services (deleted-2)"
    assert us.simulator.bookkeeper(us.realm, "Item", "1", "activate")["Name"] == "Services"


def test_a_date_driven_term(us: Connected) -> None:
    term = us.post("term", {"Name": "On the 10th", "DayOfMonthDue": 10, "DueNextMonthDays": 5})["Term"]
    assert term["Type"] == "DATE_DRIVEN"
    customer = us.customer(SalesTermRef={"value": term["Id"]})
    assert us.invoice(customer, TxnDate="2026-01-02")["DueDate"] == "2026-01-10"
    assert us.invoice(customer, TxnDate="2026-01-08")["DueDate"] == "2026-02-10"
