"""Invoices: lines, totals, numbers, updates, void and delete (contract section 4.2)."""

from decimal import Decimal
from typing import Any

import pytest

from simulator.books.rules import VOID_SEPARATORS
from tests.realms import SELF_NUMBERING
from tests.simulator.connected import Connected, connect, discount, invoice_body, line
from tests.simulator_process import SimulatorProcess


def update(us: Connected, invoice: dict[str, Any], **fields: Any) -> dict[str, Any]:
    body = {"Id": invoice["Id"], "SyncToken": invoice["SyncToken"], "sparse": True, **fields}
    return us.post("invoice", body)["Invoice"]


def line_kinds(invoice: dict[str, Any]) -> list[str]:
    return [entry["DetailType"] for entry in invoice["Line"]]


def test_lines_are_numbered_summed_and_followed_by_a_subtotal(us: Connected) -> None:
    text = {"DetailType": "DescriptionOnly", "Description": "Thank you"}
    invoice = us.invoice(us.customer(), line("60.00"), text, line("40.005"), discount("10"))

    assert line_kinds(invoice) == [
        "SalesItemLineDetail",
        "DescriptionOnly",
        "SalesItemLineDetail",
        "SubTotalLineDetail",
        "DiscountLineDetail",
    ]
    assert [entry.get("Id") for entry in invoice["Line"]] == ["1", "2", "3", None, None]
    assert invoice["Line"][3]["Amount"] == Decimal("100.01")  # half up, line by line
    assert invoice["Line"][4]["DiscountLineDetail"]["DiscountAccountRef"]["name"] == "Discounts given"
    assert invoice["TotalAmt"] == invoice["Balance"] == Decimal("90.01")
    assert invoice["CustomerRef"]["name"] == "Harbor Heating"


def test_a_percentage_is_taken_off_the_subtotal(us: Connected) -> None:
    invoice = us.invoice(us.customer(), line("33.33"), discount(percent="8.5"))
    assert invoice["Line"][-1]["Amount"] == Decimal("2.83")
    assert invoice["TotalAmt"] == Decimal("30.50")


def test_a_line_without_item_counts_as_text(us: Connected) -> None:
    nameless = {
        "DetailType": "SalesItemLineDetail",
        "Amount": 5,
        "Description": "?",
        "SalesItemLineDetail": {},
    }
    invoice = us.invoice(us.customer(), nameless, line("10"))
    assert line_kinds(invoice)[0] == "DescriptionOnly"
    assert invoice["TotalAmt"] == Decimal(10)


@pytest.mark.parametrize(
    ("amount", "qty", "price", "accepted"),
    [
        ("1861.08", "14.50", "128.35", True),  # 1861.075, half up
        ("1861.07", "14.50", "128.35", False),
        ("29.00", "2", "14.5", True),
        ("-29.00", "-2", "14.5", True),
    ],
)
def test_amount_is_quantity_times_price(
    us: Connected, amount: str, qty: str, price: str, accepted: bool
) -> None:
    lines = [line("5000"), line(amount, Qty=Decimal(qty), UnitPrice=Decimal(price))]
    answer = us.call("POST", "invoice", invoice_body(us.customer(), *lines))
    assert (answer.status_code == 200) is accepted
    if not accepted:
        error = answer.json()["Fault"]["Error"][0]
        assert (error["code"], error["element"]) == ("6070", "Line.Amount")
        assert error["Detail"] == f"Amount is not equal to UnitPrice * Qty. Supplied value:{amount}"


def test_every_wrong_amount_is_reported(us: Connected) -> None:
    wrong = [line(amount, Qty=1, UnitPrice=1) for amount in ("58", "290")]
    answer = us.call("POST", "invoice", invoice_body(us.customer(), *wrong))
    assert len(answer.json()["Fault"]["Error"]) == 2


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"Line": None}, "2020"),
        ({"Line": []}, "2020"),
        ({"Line": [{"DetailType": "DescriptionOnly", "Description": "only words"}]}, "2250"),
        ({"Line": [{"Amount": 5}]}, "2020"),
        (
            {
                "Line": [
                    {"DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": {"value": "1"}}}
                ]
            },
            "2020",
        ),
        ({"Line": [{"DetailType": "Freehand", "Amount": 5}]}, "2170"),
        ({"Line": [line("5", ItemRef={"value": "999"})]}, "2500"),
        ({"Line": [line("10000000000")]}, "2140"),
        ({"Line": [line("-5")]}, "6000"),
        ({"Line": [line("5"), discount("-1")]}, "2290"),
        ({"Line": [line("5"), discount()]}, "6090"),
        ({"Line": [line("5"), discount(percent="101")]}, "2150"),
        ({"Line": [line("5"), discount("6")]}, "6000"),
        ({"CustomerRef": None}, "2020"),
        ({"CustomerRef": {"value": "999"}}, "2500"),
        ({"CustomerRef": "4"}, "2010"),
        ({"DocNumber": "x" * 22}, "2050"),
        ({"PrivateNote": "x" * 4001}, "2050"),
        ({"CustomerMemo": {"value": "x" * 1001}}, "2050"),
        ({"TxnDate": "03/02/2026"}, "2060"),
        ({"TxnDate": "2026-02-30"}, "2070"),
        ({"EmailStatus": "NeedToSend"}, "6420"),
        ({"EmailStatus": "Posted"}, "2170"),
        ({"SalesTermRef": {"value": "99"}}, "2500"),
        ({"CurrencyRef": {"value": "EUR"}}, "2220"),
        ({"CustomField": [{"DefinitionId": "7", "StringValue": "x"}]}, "3000"),
        ({"Deposit": 5}, "6000"),
        ({"BadJson": True}, "2010"),
    ],
)
def test_what_an_invoice_cannot_be(us: Connected, fields: dict[str, Any], code: str) -> None:
    assert us.refused("invoice", {**invoice_body(us.customer()), **fields})["code"] == code


def test_a_discount_needs_the_preference_and_an_income_account(us: Connected) -> None:
    taken = discount("5")
    taken["DiscountLineDetail"]["DiscountAccountRef"] = {"value": "6"}  # a bank account
    assert us.refused("invoice", invoice_body(us.customer(), line("9"), taken))["code"] == "6430"

    us.simulator.company(us.realm, preferences={"SalesFormsPrefs": {"AllowDiscount": False}})
    assert (
        us.refused("invoice", invoice_body(us.customer("Other"), line("9"), discount("5")))["code"] == "6000"
    )


def test_inactive_customers_and_items_cannot_be_invoiced(us: Connected) -> None:
    customer = us.customer()
    us.simulator.bookkeeper(us.realm, "Item", "1", "deactivate")
    error = us.refused("invoice", invoice_body(customer))
    assert error["code"] == "2500"
    assert "made inactive" in error["Detail"]

    us.simulator.bookkeeper(us.realm, "Item", "1", "activate")
    us.simulator.bookkeeper(us.realm, "Customer", customer["Id"], "deactivate")
    error = us.refused("invoice", invoice_body(customer))
    assert error["code"] == "610"
    assert error["Detail"].startswith(
        "Object Not Found : Something you're trying to use has been made inactive."
    )


def test_a_number_in_use_is_refused_and_says_where(us: Connected) -> None:
    customer = us.customer()
    first = us.invoice(customer, DocNumber="INV-1")
    body = invoice_body(customer, DocNumber="inv-1")

    error = us.refused("invoice", body)
    assert error["code"] == "6140"
    assert f"DocNumber=inv-1 is assigned to TxnType=Invoice with TxnId={first['Id']}" in error["Detail"]
    assert us.refused("creditmemo", {**body, "DocNumber": "INV-1"})["code"] == "6140"
    assert us.post("invoice?include=allowduplicatedocnum", body)["Invoice"]["DocNumber"] == "inv-1"


def test_without_the_warning_numbers_repeat_silently(us: Connected) -> None:
    us.simulator.company(us.realm, warn_duplicate_numbers=False)
    customer = us.customer()
    numbers = [us.invoice(customer, DocNumber="INV-1")["DocNumber"] for _ in range(2)]
    assert numbers == ["INV-1", "INV-1"]


def test_numbers_may_be_kept_apart_by_kind(us: Connected) -> None:
    us.simulator.company(us.realm, numbers_shared=False)
    body = invoice_body(us.customer(), DocNumber="1")
    us.post("invoice", body)
    assert us.post("creditmemo", body)["CreditMemo"]["DocNumber"] == "1"


def test_custom_numbers_decide_what_a_missing_number_means(us: Connected) -> None:
    customer = us.customer()
    assert "DocNumber" not in us.invoice(customer)
    assert us.invoice(customer, DocNumber="AUTO_GENERATE")["DocNumber"] == "1001"

    us.simulator.company(us.realm, preferences={"SalesFormsPrefs": {"CustomTxnNumbers": False}})
    assert us.invoice(customer)["DocNumber"] == "1002"
    typed = us.invoice(customer, DocNumber="1003")
    assert us.invoice(customer, DocNumber="1003")["Id"] != typed["Id"]
    assert us.invoice(customer)["DocNumber"] == "1004"
    us.invoice(customer, DocNumber="A-7")
    us.invoice(customer, DocNumber="2040")
    assert us.invoice(customer)["DocNumber"] == "2041"


def test_one_company_numbers_by_itself(simulator: SimulatorProcess) -> None:
    company = connect(simulator, SELF_NUMBERING)
    customer = company.customer()
    assert company.get("preferences")["Preferences"]["SalesFormsPrefs"]["CustomTxnNumbers"] is False
    assert [company.invoice(customer)["DocNumber"] for _ in range(2)] == ["1001", "1002"]


@pytest.mark.parametrize("settings", [True, False])
def test_payment_flags_are_the_companys_unless_sent(us: Connected, settings: bool) -> None:
    us.simulator.company(us.realm, preferences={"SalesFormsPrefs": {"ETransactionPaymentEnabled": settings}})
    customer = us.customer()
    usual = us.invoice(customer)
    sent = {"AllowOnlineCreditCardPayment": not settings, "AllowOnlineACHPayment": not settings}
    chosen = us.invoice(customer, **sent)

    assert {name: usual[name] for name in sent} == dict.fromkeys(sent, settings)
    assert {name: chosen[name] for name in sent} == sent
    noted = update(us, chosen, PrivateNote="x")
    assert {name: noted[name] for name in sent} == sent


def test_five_lines_of_an_address_share_their_room(us: Connected) -> None:
    lines = {f"Line{number}": "x" * 400 for number in range(1, 6)}
    customer = us.customer(BillAddr=lines)
    refused = us.refused("invoice", invoice_body(customer, ShipAddr={**lines, "Line5": "x" * 401}))
    assert (refused["code"], refused["element"]) == ("2050", "ShipAddr")
    assert "Max:2000 supported. Supplied length:2001" in refused["Detail"]


@pytest.mark.parametrize(
    ("term", "due"), [("1", "2026-01-31"), ("2", "2026-02-15"), ("3", "2026-03-02"), ("4", "2026-04-01")]
)
def test_terms_give_the_due_date(us: Connected, term: str, due: str) -> None:
    invoice = us.invoice(us.customer(), TxnDate="2026-01-31", SalesTermRef={"value": term})
    assert invoice["DueDate"] == due


def test_a_customers_term_comes_along_and_a_sent_date_wins(us: Connected) -> None:
    customer = us.customer(SalesTermRef={"value": "2"})
    invoice = us.invoice(customer, TxnDate="2026-01-01")
    assert invoice["SalesTermRef"] == {"value": "2", "name": "Net 15"}
    assert invoice["DueDate"] == "2026-01-16"
    assert us.invoice(customer, TxnDate="2026-01-01", DueDate="2026-01-05")["DueDate"] == "2026-01-05"
    assert update(us, invoice, TxnDate="2026-02-01")["DueDate"] == "2026-02-16"


def test_addresses_come_from_the_customer(us: Connected) -> None:
    customer = us.customer(BillAddr={"Line1": "1 Pier", "City": "Tucson"})
    assert us.invoice(customer)["BillAddr"] == customer["BillAddr"]
    own = us.invoice(customer, BillAddr={"Line1": "2 Quay"})["BillAddr"]
    assert own["Line1"] == "2 Quay"
    assert own["Id"] != customer["BillAddr"]["Id"]


def test_lines_keep_their_ids_in_an_update(us: Connected) -> None:
    invoice = us.invoice(us.customer(), line("10"), line("20"))
    kept = {**line("25"), "Id": "2"}
    after = update(us, invoice, Line=[line("5"), kept])

    assert [(entry["Id"], entry["Amount"]) for entry in after["Line"][:2]] == [
        ("3", Decimal(5)),
        ("2", Decimal(25)),
    ]
    assert after["TotalAmt"] == Decimal(30)
    assert after["SyncToken"] == "1"


def test_a_sparse_update_without_lines_leaves_the_total(us: Connected) -> None:
    invoice = us.invoice(us.customer(), line("10"), discount("1"), DocNumber="A1")
    after = update(us, invoice, PrivateNote="Paid in person")
    assert after["Line"] == invoice["Line"]
    assert after["TotalAmt"] == Decimal(9)
    assert after["DocNumber"] == "A1"


def test_a_full_update_drops_what_is_not_sent(us: Connected) -> None:
    customer = us.customer()
    invoice = us.invoice(customer, DocNumber="A1", PrivateNote="old")
    full = {**invoice_body(customer, line("7")), "Id": invoice["Id"], "SyncToken": "0"}
    after = us.post("invoice", full)["Invoice"]
    assert "PrivateNote" not in after
    assert "DocNumber" not in after
    assert after["Balance"] == Decimal(7)


def test_a_void_invoice_looks_paid(us: Connected) -> None:
    customer = us.customer()
    invoice = us.invoice(customer, line("100", Qty=4, UnitPrice=25), PrivateNote="Boiler")
    void = us.post("invoice?operation=void", {"Id": invoice["Id"], "SyncToken": "0"})["Invoice"]

    assert (void["TotalAmt"], void["Balance"]) == (0, 0)
    assert void["PrivateNote"] == "Voided - Boiler"
    assert all(entry["Amount"] == 0 for entry in void["Line"])
    assert void["Line"][0]["SalesItemLineDetail"]["Qty"] == 0
    assert void["SyncToken"] == "1"
    assert us.get(f"customer/{customer['Id']}")["Customer"]["Balance"] == 0
    again = us.post("invoice?operation=void", {"Id": invoice["Id"], "SyncToken": "1"})["Invoice"]
    assert again["PrivateNote"] == "Voided - Boiler"


@pytest.mark.parametrize("separator", VOID_SEPARATORS)
def test_what_stands_before_the_note_of_a_void_one(us: Connected, separator: str) -> None:
    us.simulator.company(us.realm, void_separator=separator)
    invoice = us.invoice(us.customer(), PrivateNote="Boiler")
    void = us.post("invoice?operation=void", {"Id": invoice["Id"], "SyncToken": "0"})["Invoice"]
    assert void["PrivateNote"] == f"Voided{separator}Boiler"
    again = us.post("invoice?operation=void", {"Id": invoice["Id"], "SyncToken": "1"})["Invoice"]
    assert again["SyncToken"] == "1"


def test_a_void_may_be_answered_in_the_documented_spelling(us: Connected) -> None:
    us.simulator.company(us.realm, void_answers_shout=True)
    invoice = us.invoice(us.customer())
    void = us.post("invoice?operation=void", {"Id": invoice["Id"], "SyncToken": "0"})["Invoice"]
    assert line_kinds(void) == ["SALES_ITEM_LINE_DETAIL", "SUB_TOTAL_LINE_DETAIL"]
    assert void["EmailStatus"] == "NOT_SET"
    assert line_kinds(us.get(f"invoice/{invoice['Id']}")["Invoice"])[0] == "SalesItemLineDetail"


def test_a_note_alone_does_not_make_an_invoice_void(us: Connected) -> None:
    invoice = us.invoice(us.customer(), PrivateNote="Voided by mistake, billed again")
    void = us.post("invoice?operation=void", {"Id": invoice["Id"], "SyncToken": "0"})["Invoice"]
    assert void["TotalAmt"] == 0


def test_one_that_was_free_and_noted_so_is_not_void_yet(us: Connected) -> None:
    free = line("0", Qty=1, UnitPrice=0)
    invoice = us.invoice(us.customer(), free, PrivateNote="Voided cheque, warranty")
    void = us.post("invoice?operation=void", {"Id": invoice["Id"], "SyncToken": "0"})["Invoice"]
    assert void["PrivateNote"] == "Voided - Voided cheque, warranty"


def test_a_deposit_lowers_the_balance(us: Connected) -> None:
    us.simulator.company(us.realm, preferences={"SalesFormsPrefs": {"AllowDeposit": True}})
    invoice = us.invoice(us.customer(), Deposit=Decimal(30))
    assert invoice["Balance"] == Decimal(70)
    assert update(us, invoice, Deposit=Decimal(45))["Balance"] == Decimal(55)


def test_void_and_delete_are_refused_while_a_payment_is_applied(us: Connected) -> None:
    invoice = us.invoice(us.customer())
    us.simulator.bookkeeper(us.realm, "Invoice", invoice["Id"], "pay", amount="1")
    now = {"Id": invoice["Id"], "SyncToken": "1"}

    assert us.refused("invoice?operation=void", now)["code"] == "6480"
    assert us.refused("invoice?operation=delete", now)["code"] == "800"


def test_a_deleted_invoice_is_gone_for_good(us: Connected) -> None:
    invoice = us.invoice(us.customer(), DocNumber="A1")
    answer = us.post("invoice?operation=delete", {"Id": invoice["Id"], "SyncToken": "0"})

    assert answer["Invoice"] == {"status": "Deleted", "domain": "QBO", "Id": invoice["Id"]}
    gone = us.call("GET", f"invoice/{invoice['Id']}")
    assert gone.status_code == 400
    assert (
        gone.json()["Fault"]["Error"][0]["Detail"]
        == "Object Not Found : Another user has deleted this transaction."
    )
    assert us.invoice(us.customer("Next"), DocNumber="A1")["Id"] != invoice["Id"]


def test_sending_marks_the_invoice(us: Connected) -> None:
    invoice = us.invoice(us.customer())
    assert us.refused(f"invoice/{invoice['Id']}/send", None)["code"] == "2020"
    sent = us.post(f"invoice/{invoice['Id']}/send?sendTo=amy@harbor.example", None)["Invoice"]
    assert sent["EmailStatus"] == "EmailSent"
    assert sent["BillEmail"] == {"Address": "amy@harbor.example"}


def test_shipping_needs_its_preference(us: Connected) -> None:
    shipped = invoice_body(us.customer(), line("10"), line("5", ItemRef={"value": "SHIPPING_ITEM_ID"}))
    assert us.refused("invoice", shipped)["code"] == "2500"
    us.simulator.company(us.realm, preferences={"SalesFormsPrefs": {"AllowShipping": True}})
    assert us.post("invoice", shipped)["Invoice"]["TotalAmt"] == Decimal(15)


@pytest.mark.parametrize("operation", ["create", "update", "void", "delete"])
def test_closed_books_stay_closed(us: Connected, operation: str) -> None:
    customer = us.customer()
    invoice = us.invoice(customer, TxnDate="2026-01-31")
    us.simulator.company(us.realm, book_close_date="2026-01-31")
    now = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True}
    calls = {
        "create": ("invoice", invoice_body(customer, TxnDate="2026-01-15")),
        "update": ("invoice", {**now, "TxnDate": "2026-02-01"}),
        "void": ("invoice?operation=void", now),
        "delete": ("invoice?operation=delete", now),
    }
    assert us.refused(*calls[operation])["code"] == "6210"
    assert us.get("preferences")["Preferences"]["AccountingInfoPrefs"]["BookCloseDate"] == "2026-01-31"


def test_moving_into_closed_books_is_refused_too(us: Connected) -> None:
    customer = us.customer()
    us.simulator.company(us.realm, book_close_date="2026-01-31")
    invoice = us.invoice(customer, TxnDate="2026-02-01")
    move = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True, "TxnDate": "2026-01-31"}
    assert us.refused("invoice", move)["code"] == "6210"


def test_a_suspended_company_reads_but_does_not_write(us: Connected) -> None:
    customer = us.customer()
    us.simulator.company(us.realm, suspended=True)

    assert us.refused("invoice", invoice_body(customer))["code"] == "6190"
    assert us.query("SELECT COUNT(*) FROM Customer") == {"totalCount": 1}
    pairs = us.get(f"companyinfo/{us.realm}")["CompanyInfo"]["NameValue"]
    assert {"Name": "SubscriptionStatus", "Value": "EXPIRED"} in pairs
