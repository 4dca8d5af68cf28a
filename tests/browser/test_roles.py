"""What a Dispatcher and a Technician see of the integration, and what the server refuses them."""

import pytest
from playwright.sync_api import expect

from tests.browser.steps import PUSHED, action, connect, row

REFUSED = "You do not have access to this"


def test_a_dispatcher_may_push_and_nothing_more(workplace, sign_in):
    workplace.add_invoices("HH-1")
    connect(sign_in(workplace.owner), workplace)
    page = sign_in(workplace.dispatcher)
    expect(page.get_by_role("button", name="Settings")).to_have_count(0)
    page.goto("/invoices")
    action(page, "HH-1", "Sync to QuickBooks").click()
    expect(row(page, "HH-1").locator("[data-quickbooks]")).to_have_text("In QuickBooks", timeout=PUSHED)


@pytest.mark.parametrize("who", ["dispatcher", "technician"])
@pytest.mark.parametrize("address", ["/settings/integrations", "/settings/integrations/quickbooks"])
def test_settings_are_the_owners_alone(workplace, sign_in, who: str, address: str):
    page = sign_in(getattr(workplace, who))
    answer = page.goto(address)
    assert answer.status == 403
    expect(page.get_by_role("heading", name=REFUSED)).to_be_visible()


def test_a_technician_sees_no_invoices(workplace, sign_in):
    page = sign_in(workplace.technician)
    expect(page.get_by_role("link", name="Invoices")).to_have_count(0)
    assert page.goto("/invoices").status == 403
    expect(page.get_by_role("heading", name=REFUSED)).to_be_visible()
