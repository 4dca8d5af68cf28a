"""Pages fit a phone and a desk, names of any length included."""

import pytest

from tests.browser.steps import PUSHED, connect, queue
from tests.browser.workplace import Workplace

LONG_NAME = "Saint-Bartholomew-Regional-Hospital-and-Rehabilitation-Center-of-Greater-Portland-East-Wing"
ADDRESSES = [
    "/customers",
    "/invoices",
    "/invoices/new",
    "/settings/company",
    "/settings/plan",
    "/settings/team",
    "/profile",
    "/profile/two-step",
    "/settings/integrations",
    "/settings/integrations/quickbooks",
    "/settings/integrations/quickbooks/disconnect",
    "/settings/integrations/quickbooks/tie-out",
]


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_scrolls_sideways(workplace: Workplace, sign_in, width: int):
    page = sign_in(workplace.owner, width)
    connect_at_a_desk(sign_in, workplace)
    workplace.next_answer("customer.create", code="2050")
    workplace.add_customers(LONG_NAME)
    workplace.add_invoices("HH-1")
    page.goto("/settings/integrations/quickbooks")
    queue(page).get_by_role("link", name="History").first.wait_for(timeout=PUSHED)
    history = queue(page).get_by_role("link", name="History").first.get_attribute("href")
    wide = {}
    for address in [*ADDRESSES, history]:
        page.goto(address)
        wide[address] = page.evaluate("document.documentElement.scrollWidth")
    assert {address for address, needed in wide.items() if needed > width} == set()


def connect_at_a_desk(sign_in, workplace: Workplace) -> None:
    connect(sign_in(workplace.owner), workplace)
