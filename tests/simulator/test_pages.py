"""The pages, as a person who plays the bookkeeper uses them (without script)."""

import re
from decimal import Decimal

import pytest
import requests

from tests.simulator.connected import Connected, discount, line


class Browser:
    """Follows links and presses buttons of one company's pages."""

    def __init__(self, us: Connected) -> None:
        self.root = us.simulator.url
        self.home = f"{self.root}/companies/{us.realm}"

    def read(self, path: str = "") -> str:
        answer = requests.get(f"{self.home}{path}")
        assert answer.status_code == 200, answer.text
        assert "<title>" in answer.text
        assert 'name="viewport"' in answer.text
        return answer.text

    def press(self, path: str, **fields: str) -> requests.Response:
        return requests.post(f"{self.home}{path}", data=fields)


@pytest.fixture
def browser(us: Connected) -> Browser:
    return Browser(us)


def test_the_front_page_lists_the_companies(us: Connected) -> None:
    us.invoice(us.customer())
    page = requests.get(us.simulator.url).text
    assert all(
        name in page for name in ("Sandbox Company US 1", "Sandbox Company US 2", "Sandbox Company UK")
    )
    assert "1 customers, 1 invoices" in page


def test_an_invoice_shows_its_lines_and_totals(us: Connected, browser: Browser) -> None:
    customer = us.customer("Müller & Söhne <Heating>")
    tax = {"TxnTaxDetail": {"TxnTaxCodeRef": {"value": "1"}}}
    taxed = line("1250.00", Qty=5, UnitPrice=250, TaxCodeRef={"value": "TAX"})
    invoice = us.invoice(customer, taxed, discount("50"), DocNumber="INV-2026-0001", **tax)

    listing = browser.read("/invoices")
    assert "INV-2026-0001" in listing
    assert "Müller &amp; Söhne &lt;Heating&gt;" in listing
    page = browser.read(f"/invoices/{invoice['Id']}")
    for text in ("1,250.00", "50.00", "100.00", "1,300.00", "Services", "open"):
        assert text in page


@pytest.mark.parametrize(
    "path", ["customers", "invoices", "payments", "credits", "refunds", "items", "journal"]
)
def test_every_list_opens_empty_and_filled(us: Connected, browser: Browser, path: str) -> None:
    us.simulator.control("POST", "calls/clear")
    empty = browser.read(f"/{path}")
    assert ("Nothing here yet." in empty or "No calls yet." in empty) is (path != "items")

    customer = us.customer()
    us.simulator.bookkeeper(us.realm, "Invoice", us.invoice(customer)["Id"], "pay")
    sold = {"CustomerRef": {"value": customer["Id"]}, "Line": [line("5")]}
    us.post("creditmemo", sold)
    us.post("refundreceipt", {**sold, "DepositToAccountRef": {"value": "6"}})
    filled = browser.read(f"/{path}")
    assert "<tbody>" in filled
    link = re.search(rf'href="(/companies/{us.realm}/{path}/\d+)"', filled)
    assert link
    assert requests.get(us.simulator.url + link[1]).status_code == 200


def test_lists_are_searched_and_paged(us: Connected, browser: Browser) -> None:
    for batch in range(4):
        items = [
            {
                "bId": str(n),
                "operation": "create",
                "Customer": {"DisplayName": f"Customer {batch * 30 + n:03}"},
            }
            for n in range(30)
        ]
        us.post("batch", {"BatchItemRequest": items})
    first = browser.read("/customers")
    assert "120 in all, page 1" in first
    assert "Customer 119" in first
    assert "Customer 019" not in first
    assert "Customer 019" in browser.read("/customers?page=2")
    found = browser.read("/customers?q=customer 07")
    assert "10 in all" in found


def test_the_bookkeeper_edits_pays_voids_and_deletes(us: Connected, browser: Browser) -> None:
    customer = us.customer()
    first, second = us.invoice(customer), us.invoice(customer)
    paid = f"/invoices/{first['Id']}"

    page = browser.press(
        f"{paid}/edit", DocNumber="A7", TxnDate="2026-01-05", DueDate="", PrivateNote="by hand"
    )
    assert "by hand" in page.text
    page = browser.press(f"{paid}/pay", amount="60.00")
    assert "partly paid" in page.text
    assert "Payment #" in page.text
    browser.press(f"/invoices/{second['Id']}/void")
    assert "voided" in browser.read(f"/invoices/{second['Id']}")
    page = browser.press(f"/invoices/{second['Id']}/delete")
    assert page.url.endswith("/invoices")

    books = us.simulator.books(us.realm)
    assert [(row["DocNumber"], row["Balance"], row["SyncToken"]) for row in books["Invoice"]] == [
        ("A7", Decimal(40), "2")
    ]
    assert books["Payment"][0]["TotalAmt"] == Decimal(60)


def test_what_the_books_refuse_is_said_on_the_page(us: Connected, browser: Browser) -> None:
    invoice = us.invoice(us.customer())
    browser.press(f"/invoices/{invoice['Id']}/pay", amount="60.00")
    answer = browser.press(f"/invoices/{invoice['Id']}/void")
    assert answer.status_code == 422
    assert "QuickBooks refuses" in answer.text
    assert "6480" in answer.text


def test_customers_and_items_are_made_inactive_and_active_again(us: Connected, browser: Browser) -> None:
    customer = us.customer()
    address = f"/customers/{customer['Id']}"
    assert ">Deactivate<" in browser.read(address)
    assert ">Activate<" in browser.press(f"{address}/deactivate").text
    browser.press(f"{address}/activate")
    assert us.get(f"customer/{customer['Id']}")["Customer"]["Active"] is True
    assert "Services (deleted)" in browser.press("/items/1/deactivate").text


def test_the_journal_shows_request_and_answer(us: Connected, browser: Browser) -> None:
    us.call("POST", "customer?requestid=r1", {"DisplayName": "Harbor & Sons"})
    number = us.simulator.calls()[-1]["number"]
    assert "customer.create" in browser.read("/journal")
    page = browser.read(f"/journal/{number}")
    assert page.count("Harbor &amp; Sons") >= 2
    assert "requestid=r1" in page

    items = [
        {"bId": str(n), "operation": "create", "Customer": {"DisplayName": "Harbor & Sons"}} for n in range(2)
    ]
    us.post("batch", {"BatchItemRequest": items})
    assert "200, 2 refused" in browser.read("/journal")


def test_the_app_is_disconnected_from_quickbooks_side(us: Connected, browser: Browser) -> None:
    assert "Disconnect the app" in browser.read()
    assert "Not connected." in browser.press("/disconnect").text
    assert us.call("GET", "preferences").status_code == 401


def test_rules_are_changed_on_the_page(us: Connected, browser: Browser) -> None:
    browser.press("/rules", suspended="yes", book_close_date="2026-01-31")
    assert us.refused("customer", {"DisplayName": "x"})["code"] == "6190"
    assert "suspended" in requests.get(us.simulator.url).text
    browser.press("/rules", book_close_date="")
    assert us.customer()
    assert "BookCloseDate" not in us.get("preferences")["Preferences"]["AccountingInfoPrefs"]


@pytest.mark.parametrize("path", ["/widgets", "/customers/999", "/journal/99999", "/customers/1/dance"])
def test_what_is_not_there(browser: Browser, path: str) -> None:
    assert requests.get(f"{browser.home}{path}").status_code in (404, 405)
    assert requests.get(f"{browser.root}/companies/1{path}").status_code in (404, 405)
