"""What a Bookkeeper sees of the integration, and what stays with the Owner."""

import pytest

from tests.people import Actor
from tests.quickbooks import builders

PAGE = "/settings/integrations/quickbooks"
WITH_A_CONNECTION = tuple(
    f'"{PAGE}/{step}"' for step in ("items", "tax-and-terms", "preferences", "pause", "connect")
)
CONNECTS = ("Connect to QuickBooks</a>", "Connect without sending</a>", f"{PAGE}/connect")


def held(actor: Actor, address: str, words: tuple[str, ...]) -> list[str]:
    page = actor.get(address).text
    return [one for one in words if one in page]


def test_the_page_without_what_only_an_owner_does(quickbooks, owner: Actor, bookkeeper: Actor):
    page = bookkeeper.get(PAGE).text
    assert "Sync All Pending" in page
    assert "Only an Owner connects, configures and disconnects QuickBooks." in page
    assert held(owner, PAGE, WITH_A_CONNECTION) == list(WITH_A_CONNECTION)
    assert held(bookkeeper, PAGE, WITH_A_CONNECTION) == []


def test_the_settings_are_the_owners(quickbooks, owner: Actor, bookkeeper: Actor):
    words = ("Sync Preferences", "Disconnect</a>")
    assert held(owner, f"{PAGE}/preferences", words) == list(words)
    assert held(bookkeeper, f"{PAGE}/preferences", words) == []
    for step in ("preferences", "payments", "classes", "items", "tax-and-terms", "disconnect"):
        assert bookkeeper.get(f"{PAGE}/{step}").status_code == 403, step


@pytest.mark.parametrize(
    ("address", "words"), [(PAGE, CONNECTS), ("/settings/integrations", (">Set up</a>",))]
)
def test_the_page_without_a_connection(
    app, owner: Actor, bookkeeper: Actor, address: str, words: tuple[str, ...]
):
    assert held(owner, address, words) == list(words)
    assert held(bookkeeper, address, words) == []


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
