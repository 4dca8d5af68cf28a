"""Customers, vendors and employees, and the one set of names they share (contract section 4.1)."""

from decimal import Decimal

import pytest

from tests.simulator.connected import Connected

DUPLICATE = {
    "Message": "Duplicate Name Exists Error",
    "Detail": "The name supplied already exists. : null",
    "code": "6240",
}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("customer", {"DisplayName": "HARBOR heating"}),
        ("vendor", {"DisplayName": "Harbor Heating"}),
        ("employee", {"GivenName": "Harbor", "FamilyName": "Heating"}),
    ],
)
def test_a_name_is_taken_across_all_three_lists(us: Connected, path: str, body: dict[str, str]) -> None:
    us.customer("Harbor Heating")
    assert us.refused(path, body) == DUPLICATE


def test_a_duplicate_may_tell_whose_name_it_is(us: Connected) -> None:
    holder = us.customer("Harbor Heating")
    us.simulator.company(us.realm, duplicate_name_tells_id=True)
    detail = us.refused("customer", {"DisplayName": "Harbor Heating"})["Detail"]
    assert detail == f"The name supplied already exists. : Id={holder['Id']}"


def test_an_inactive_customer_holds_its_name(us: Connected) -> None:
    customer = us.customer("Harbor Heating")
    us.post("customer", {"Id": customer["Id"], "SyncToken": "0", "sparse": True, "Active": False})

    assert us.refused("customer", {"DisplayName": "Harbor Heating"})["code"] == "6240"
    assert us.query("SELECT * FROM Customer WHERE DisplayName = 'Harbor Heating'") == {}
    hidden = us.query(
        "SELECT * FROM Customer WHERE DisplayName = 'Harbor Heating' AND Active IN (true, false)"
    )
    assert [row["Active"] for row in hidden["Customer"]] == [False]


def test_inactive_customers_may_free_their_names(us: Connected) -> None:
    us.simulator.company(us.realm, inactive_customers_keep_names=False)
    customer = us.customer("Harbor Heating")
    change = {"Id": customer["Id"], "SyncToken": "0", "sparse": True, "Active": False}
    gone = us.post("customer", change)["Customer"]

    assert gone["DisplayName"] == "Harbor Heating (deleted)"
    assert us.customer("Harbor Heating")["Id"] != customer["Id"]
    back = us.refused("customer", {**change, "SyncToken": "1", "Active": True})
    assert back["code"] == "6240"


def test_names_are_composed_of_parts(us: Connected) -> None:
    customer = us.post("customer", {"Title": "Dr", "GivenName": "Amy", "FamilyName": "Lau", "Suffix": "Jr"})
    assert customer["Customer"]["DisplayName"] == "Dr Amy Lau Jr"


@pytest.mark.parametrize(
    ("fields", "code", "element"),
    [
        ({}, "6080", None),
        ({"DisplayName": "a:b"}, "2040", "DisplayName"),
        ({"DisplayName": "a\tb"}, "2040", "DisplayName"),
        ({"DisplayName": "Fine 🎉"}, "2040", "DisplayName"),
        ({"DisplayName": "x" * 101}, "2050", "DisplayName"),
        ({"DisplayName": "x", "GivenName": "y" * 101}, "2050", "GivenName"),
        ({"DisplayName": "x", "Notes": "y" * 2001}, "2050", "Notes"),
        ({"DisplayName": "x", "BillAddr": {"PostalCode": "9" * 31}}, "2050", "BillAddr.PostalCode"),
        (
            {"DisplayName": "x", "PrimaryPhone": {"FreeFormNumber": "9" * 31}},
            "2050",
            "PrimaryPhone.FreeFormNumber",
        ),
        ({"DisplayName": "x", "PrimaryEmailAddr": {"Address": "nobody"}}, "2210", "PrimaryEmailAddr.Address"),
        ({"DisplayName": "x", "WebAddr": {"URI": "no site"}}, "2200", "WebAddr.URI"),
        ({"DisplayName": "x", "Surname": "y"}, "2010", None),
        ({"DisplayName": "x", "BillAddr": {"Street": "y"}}, "2010", None),
        ({"DisplayName": "x", "BillAddr": "Main St"}, "2010", None),
        ({"DisplayName": "x", "Active": "perhaps"}, "2230", "Active"),
        ({"DisplayName": "x", "Balance": "much"}, "2080", "Balance"),
        ({"DisplayName": "x", "PreferredDeliveryMethod": "Pigeon"}, "2170", "PreferredDeliveryMethod"),
        ({"DisplayName": "x", "PreferredDeliveryMethod": "Email"}, "6420", "PrimaryEmailAddr"),
        ({"DisplayName": "x", "SalesTermRef": {"value": "99"}}, "2500", "SalesTermRef"),
        ({"DisplayName": "x", "CurrencyRef": {"value": "EUR"}}, "2220", "CurrencyRef"),
        ({"DisplayName": "x", "Job": True}, "6150", "ParentRef"),
        ({"DisplayName": "x", "ParentRef": {"value": "99"}}, "2500", "ParentRef"),
    ],
)
def test_what_a_customer_cannot_be(
    us: Connected, fields: dict[str, object], code: str, element: str | None
) -> None:
    error = us.refused("customer", fields)
    assert (error["code"], error.get("element")) == (code, element)


def test_a_length_refusal_tells_the_limit(us: Connected) -> None:
    detail = us.refused("customer", {"DisplayName": "x", "CompanyName": "y" * 120})["Detail"]
    assert "Max:100" in detail
    assert "Supplied length:120" in detail


def test_a_phone_has_the_schemas_length_or_the_pages(us: Connected) -> None:
    body = {"DisplayName": "Harbor", "Mobile": {"FreeFormNumber": "9" * 22}}
    refusal = us.refused("customer", body)
    assert (refusal["code"], refusal["element"]) == ("2050", "Mobile.FreeFormNumber")
    assert us.refused("vendor", body)["code"] == "2050"
    us.simulator.company(us.realm, longest_phone=30)
    assert us.post("customer", body)["Customer"]["Mobile"]["FreeFormNumber"] == "9" * 22


def test_latin1_only_is_a_switch(us: Connected) -> None:
    assert us.customer("Königlich “Essen”")["DisplayName"] == "Königlich “Essen”"
    us.simulator.company(us.realm, latin1_only=True)
    assert us.refused("customer", {"DisplayName": "Łódź"})["code"] == "2040"
    assert us.customer("Königlich")["Id"]


def test_a_sparse_update_leaves_the_rest(us: Connected) -> None:
    customer = us.customer(Notes="Key under the mat", PrimaryPhone={"FreeFormNumber": "555-0100"})
    change = {"Id": customer["Id"], "SyncToken": "0", "sparse": True, "Notes": "", "CompanyName": "Harbor"}
    after = us.post("customer", change)["Customer"]

    assert after["SyncToken"] == "1"
    assert after["PrimaryPhone"] == {"FreeFormNumber": "555-0100"}
    assert after["CompanyName"] == "Harbor"
    assert "Notes" not in after
    assert after["sparse"] is False


def test_a_full_update_wipes_what_is_not_sent(us: Connected) -> None:
    customer = us.customer(Notes="Key under the mat")
    after = us.post("customer", {"Id": customer["Id"], "SyncToken": "0", "DisplayName": "Harbor & Sons"})[
        "Customer"
    ]

    assert "Notes" not in after
    assert after["DisplayName"] == after["FullyQualifiedName"] == after["PrintOnCheckName"] == "Harbor & Sons"
    assert after["MetaData"]["CreateTime"] == customer["MetaData"]["CreateTime"]


def test_a_display_name_cannot_be_removed(us: Connected) -> None:
    customer = us.customer("Harbor")
    after = us.post("customer", {"Id": customer["Id"], "SyncToken": "0", "sparse": True, "DisplayName": ""})
    assert after["Customer"]["DisplayName"] == "Harbor"


def test_an_old_version_is_stale(us: Connected) -> None:
    customer = us.customer()
    us.simulator.bookkeeper(us.realm, "Customer", customer["Id"], "edit", Notes="Called")

    error = us.refused("customer", {"Id": customer["Id"], "SyncToken": "0", "sparse": True, "Notes": "mine"})
    assert error["code"] == "5010"
    assert error["Detail"].startswith("Stale Object Error : You and The Bookkeeper were working on this")


def test_updates_need_their_identity(us: Connected) -> None:
    customer = us.customer()
    assert us.refused("customer", {"Id": customer["Id"], "sparse": True})["element"] == "SyncToken"
    assert us.refused("customer", {"Id": "999", "SyncToken": "0"})["code"] == "610"
    assert us.refused("customer", {"Id": "9.5", "SyncToken": "0"})["code"] == "2030"


def test_a_customer_cannot_be_deleted_or_voided(us: Connected) -> None:
    body = {"Id": us.customer()["Id"], "SyncToken": "0"}
    assert us.refused("customer?operation=delete", body)["code"] == "500"
    assert us.refused("customer?operation=void", body)["code"] == "500"


def test_a_debtor_stays_active_unless_switched_off(us: Connected) -> None:
    customer = us.customer()
    us.invoice(customer)
    change = {"Id": customer["Id"], "SyncToken": "0", "sparse": True, "Active": False}

    assert us.refused("customer", change)["code"] == "6220"
    us.simulator.company(us.realm, refuse_inactivating_debtors=False)
    assert us.post("customer", change)["Customer"]["Active"] is False


def test_deactivating_twice_changes_nothing_more(us: Connected) -> None:
    customer = us.customer()
    change = {"Id": customer["Id"], "SyncToken": "0", "sparse": True, "Active": False}
    us.post("customer", change)
    assert us.post("customer", {**change, "SyncToken": "1"})["Customer"]["SyncToken"] == "1"


def test_sub_customers_nest_four_levels_and_owe_upwards(us: Connected) -> None:
    parents = [us.customer("Top")]
    for level in range(1, 5):
        parents.append(us.customer(f"Level {level}", ParentRef={"value": parents[-1]["Id"]}, Job=True))
    assert parents[4]["FullyQualifiedName"] == "Top:Level 1:Level 2:Level 3:Level 4"
    assert (
        us.refused("customer", {"DisplayName": "Deeper", "ParentRef": {"value": parents[4]["Id"]}})["code"]
        == "6180"
    )

    us.simulator.bookkeeper(us.realm, "Customer", parents[0]["Id"], "edit", DisplayName="Peak")
    lowest = us.get(f"customer/{parents[4]['Id']}")["Customer"]
    assert lowest["FullyQualifiedName"] == "Peak:Level 1:Level 2:Level 3:Level 4"
    assert lowest["SyncToken"] == "0"

    us.invoice(parents[4])
    top = us.get(f"customer/{parents[0]['Id']}")["Customer"]
    assert (top["Balance"], top["BalanceWithJobs"]) == (Decimal(0), Decimal(100))


def test_the_full_name_is_what_counts(us: Connected) -> None:
    parent = us.customer("Doe, Jack")
    us.customer("Jack Doe")
    below = {"DisplayName": "Jack Doe", "ParentRef": {"value": parent["Id"]}}
    assert us.post("customer", below)["Customer"]["FullyQualifiedName"] == "Doe, Jack:Jack Doe"
    assert us.refused("customer", below)["code"] == "6240"


def test_a_rename_shows_in_old_invoices_without_a_new_version(us: Connected) -> None:
    customer = us.customer("Harbor")
    invoice = us.invoice(customer)
    us.simulator.bookkeeper(us.realm, "Customer", customer["Id"], "edit", DisplayName="Harbor & Sons")

    after = us.get(f"invoice/{invoice['Id']}")["Invoice"]
    assert after["CustomerRef"]["name"] == "Harbor & Sons"
    assert after["SyncToken"] == "0"
