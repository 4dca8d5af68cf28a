"""What a Bookkeeper sees of the integration, and what stays with the Owner."""

import pytest

from tests.people import Actor
from tests.quickbooks import builders

PAGE = "/settings/integrations/quickbooks"
OWNERS = (
    "Sync Preferences",
    "Disconnect</a>",
    "Connect to QuickBooks</a>",
    f"{PAGE}/items",
    f"{PAGE}/tax-and-terms",
    f"{PAGE}/preferences",
)


def test_the_page_without_what_only_an_owner_does(quickbooks, owner: Actor, bookkeeper: Actor):
    page = bookkeeper.get(PAGE).text
    assert "Sync All Pending" in page
    assert "Only an Owner connects, configures and disconnects QuickBooks." in page
    assert not [words for words in OWNERS if words in page]
    assert "Sync Preferences" in owner.get(f"{PAGE}/preferences").text


@pytest.mark.parametrize("address", [PAGE, "/settings/integrations"])
def test_the_page_without_a_connection(app, bookkeeper: Actor, address: str):
    page = bookkeeper.get(address).text
    assert not [words for words in OWNERS if words in page]


def test_the_settings_menu_leads_only_where_a_bookkeeper_may_go(app, bookkeeper: Actor):
    page = bookkeeper.get("/customers").text
    assert "/settings/integrations" in page
    assert "/activity" in page
    for address in ("/settings/company", "/settings/plan", "/customers/new"):
        assert address not in page


def test_a_bookkeeper_sends_retries_and_leaves_out(quickbooks, bookkeeper: Actor, work):
    bill = builders.invoice(builders.customer(bookkeeper.company), announce=False)
    assert bookkeeper.post(f"/invoices/{bill.id}/quickbooks").status_code == 303
    work()
    assert "This invoice is in QuickBooks." in bookkeeper.get(f"/invoices/{bill.id}").text
    left_out = bookkeeper.post(f"{PAGE}/records/invoice/{bill.id}/leave-out", {"reason": "Corrected by hand"})
    assert left_out.status_code == 303
    assert "Left out by Bea: Corrected by hand" in bookkeeper.get(PAGE).text
    assert bookkeeper.post(f"/invoices/{bill.id}/quickbooks").status_code == 303  # and takes it back
    assert "Sync queued" in bookkeeper.get(f"/invoices/{bill.id}").text


def test_a_bookkeeper_reads_invoices_and_changes_none(app, owner: Actor, bookkeeper: Actor):
    bill = builders.invoice(builders.customer(owner.company), announce=False)
    assert bookkeeper.get(f"/invoices/{bill.id}").status_code == 200
    assert bookkeeper.get(f"/invoices/{bill.id}/edit").status_code == 403
    assert bookkeeper.post(f"/invoices/{bill.id}/void").status_code == 403
    assert "New invoice" not in bookkeeper.get("/invoices").text


def test_a_bookkeeper_compares_the_books(quickbooks, bookkeeper: Actor):
    assert bookkeeper.post(f"{PAGE}/tie-out").status_code == 303
    assert bookkeeper.get(f"{PAGE}/tie-out").status_code == 200


def test_activity_is_open_to_a_bookkeeper(app, bookkeeper: Actor):
    assert bookkeeper.get("/activity").status_code == 200
