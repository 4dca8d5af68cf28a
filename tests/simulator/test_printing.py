"""Documents as PDF, and answers that travel packed."""

import re

import pytest

from tests.simulator.connected import Connected, invoice_body, line

PDF = {"Accept": "application/pdf"}


def test_an_invoice_is_a_true_pdf(us: Connected) -> None:
    customer = us.customer("Café (Harbor)", BillAddr={"Line1": "1 Pier", "City": "Tucson"})
    invoice = us.invoice(customer, line("19.99"), DocNumber="A1", CustomerMemo={"value": "Thank you 你"})
    answer = us.call("GET", f"invoice/{invoice['Id']}/pdf", headers=PDF)

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1.4\n")
    for text in (b"(INVOICE A1) Tj", b"Caf\xe9 \\(Harbor\\)", b"(Total: 19.99 USD) Tj", b"(Thank you ?) Tj"):
        assert text in answer.content


def test_the_table_of_a_pdf_points_at_its_objects(us: Connected) -> None:
    """Two pages' worth: a reader finds every object where the table says it is."""
    invoice = us.invoice(us.customer(), *[line("1")] * 80)
    content = us.call("GET", f"invoice/{invoice['Id']}/pdf", headers=PDF).content
    table = int(content.rsplit(b"startxref\n", 1)[1].split()[0])
    assert content[table:].startswith(b"xref\n")
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n ", content[table:])]
    assert b"/Count 2" in content
    for number, place in enumerate(places, start=1):
        assert content[place:].startswith(b"%d 0 obj\n" % number)
    for length, stream in re.findall(rb"/Length (\d+) >>\nstream\n(.*?)\nendstream", content, re.DOTALL):
        assert int(length) == len(stream)


def test_what_is_printed_and_what_is_not(us: Connected) -> None:
    customer = us.customer()
    memo = us.post("creditmemo", invoice_body(customer, line("5")))["CreditMemo"]
    assert b"CREDIT MEMO" in us.call("GET", f"creditmemo/{memo['Id']}/pdf", headers=PDF).content
    assert us.call("GET", "invoice/99/pdf", headers=PDF).status_code == 400
    assert us.call("GET", f"customer/{customer['Id']}/pdf", headers=PDF).status_code == 400
    assert us.call("GET", f"creditmemo/{memo['Id']}/pdf").status_code == 400


@pytest.mark.parametrize(("accepted", "packed"), [("gzip, deflate", True), ("identity", False)])
def test_answers_travel_packed_when_that_is_welcome(us: Connected, accepted: str, packed: bool) -> None:
    answer = us.call("GET", "preferences", headers={"Accept-Encoding": accepted})
    assert answer.json()["Preferences"]["TaxPrefs"]["UsingSalesTax"] is True
    assert (answer.headers.get("Content-Encoding") == "gzip") is packed
