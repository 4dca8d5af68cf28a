"""Open in QuickBooks: each record that is there leads to its own page, in the company it is in."""

import pytest

from app.quickbooks.models import Connection, RecordKind
from app.quickbooks.pages import deep_links
from tests.quickbooks import builders

ADDRESSES = [
    (RecordKind.CUSTOMER, "customerdetail%3FnameId%3D7"),
    (RecordKind.ITEM, "items"),
    (RecordKind.INVOICE, "invoice%3FtxnId%3D7"),
    (RecordKind.PAYMENT, "recvpayment%3FtxnId%3D7"),
    (RecordKind.REFUND, "refundreceipt%3FtxnId%3D7"),
]


@pytest.mark.parametrize(("kind", "page"), ADDRESSES)
@pytest.mark.parametrize(
    ("environment", "host"), [("production", "qbo.intuit.com"), ("sandbox", "sandbox.qbo.intuit.com")]
)
def test_each_kind_has_a_page_in_its_company(kind, page, environment, host):
    connection = Connection(realm_id="9130", environment=environment)
    expected = f"https://{host}/login?deeplinkcompanyid=9130&pagereq={page}"
    assert deep_links.address(connection, kind, "7") == expected


def test_every_kind_is_in_the_table():
    assert set(deep_links.PAGES) == set(RecordKind)


def test_an_id_cannot_change_the_address():
    connection = Connection(realm_id="1&x=2", environment="sandbox")
    found = deep_links.address(connection, RecordKind.INVOICE, "7&y=/../3")
    assert (
        found.split("?", 1)[1]
        == "deeplinkcompanyid=1%26x%3D2&pagereq=invoice%3FtxnId%3D7%2526y%253D%252F..%252F3"
    )


def there(quickbooks, kind, remote_id: str) -> str:
    return deep_links.address(quickbooks.connection, kind, remote_id).replace("&", "&amp;")


def test_the_pages_of_what_is_there_lead_there(quickbooks, owner):
    person = builders.customer(owner.company)
    bill = builders.sent_invoice(person)
    quickbooks.switch_payments()
    builders.payment(bill, "100")
    refund = builders.refund(bill, "10")
    assert "Open in QuickBooks" not in owner.get(f"/invoices/{bill.id}").text
    assert "Open in QuickBooks" not in owner.get(f"/customers/{person.id}").text
    quickbooks.drain()
    quickbooks.in_order(refund)
    page = owner.get(f"/invoices/{bill.id}").text
    for kind in (RecordKind.INVOICE, RecordKind.PAYMENT, RecordKind.REFUND):
        (record,) = quickbooks.books(kind.entity)
        assert there(quickbooks, kind, record["Id"]) in page
    (customer,) = [one for one in quickbooks.books("Customer") if one["DisplayName"] == person.name]
    assert there(quickbooks, RecordKind.CUSTOMER, customer["Id"]) in owner.get(f"/customers/{person.id}").text
    history = owner.get(f"/settings/integrations/quickbooks/queue/{quickbooks.row(refund).id}").text
    assert there(quickbooks, RecordKind.REFUND, quickbooks.books("RefundReceipt")[0]["Id"]) in history
    assert there(quickbooks, RecordKind.ITEM, "") in owner.get("/settings/integrations/quickbooks/items").text


def test_a_technician_sees_no_way_to_the_books(quickbooks, owner, technician):
    person = builders.customer(owner.company)
    quickbooks.drain()
    assert "Open in QuickBooks" in owner.get(f"/customers/{person.id}").text
    assert "QuickBooks" not in technician.get(f"/customers/{person.id}").text.split("<main")[1]
