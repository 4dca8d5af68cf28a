"""What pages ask for by themselves: nothing twice, nothing while nobody looks, one question for a page of rows."""

import time

from playwright.sync_api import expect

from app.web.polling import RENEWED_EVERY
from devtools.waiting import wait_until
from tests.browser.steps import PUSHED, action, connect, connect_and_wait, queue, row
from tests.browser.traffic import asked, hear_out

LOOK_AWAY = "Object.defineProperty(document, 'hidden', {value: true, configurable: true})"
LOOK_AGAIN = "delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))"
POLL = "document.querySelectorAll('[data-poll]').forEach((element) => htmx.trigger(element, 'poll'))"


def test_what_is_shown_already_is_not_sent_again(workplace, sign_in):
    page = sign_in(workplace.owner)
    connect_and_wait(page, workplace)
    wait_until(lambda: time.time() % RENEWED_EVERY < RENEWED_EVERY - 10, "no version is renewed just now")
    page.reload()
    queue(page).evaluate("element => element.dataset.seen = 'yes'")
    with page.expect_response("**/quickbooks/queue") as response:
        page.evaluate(POLL)
    assert response.value.status == 304
    expect(queue(page)).to_have_attribute("data-seen", "yes")
    workplace.add_customers("Casco Bay Brewing")
    page.evaluate(POLL)
    expect(queue(page)).not_to_have_attribute("data-seen", "yes")
    expect(queue(page)).to_contain_text("Queue empty", timeout=PUSHED)


def test_nothing_is_asked_while_nobody_looks(workplace, sign_in):
    page = sign_in(workplace.owner)
    connect_and_wait(page, workplace)
    page.evaluate(LOOK_AWAY)
    requests = asked(page, "/quickbooks/queue")
    workplace.next_answer("customer.create", code="2050")
    workplace.add_customers("Rivera HVAC")
    page.evaluate(POLL)
    hear_out(page)
    assert requests == []
    page.evaluate(LOOK_AGAIN)
    expect(queue(page)).to_contain_text("Errors", timeout=PUSHED)


def test_a_page_of_rows_asks_one_question_and_none_when_all_are_at_rest(workplace, sign_in):
    for number in ("HH-1", "HH-2"):
        workplace.add_invoices(number)  # each with a customer of its own
    page = sign_in(workplace.owner)
    connect(page, workplace)
    page.goto("/invoices")
    workplace.control("POST", "settings", latency_ms=4000)
    for number in ("HH-1", "HH-2"):
        action(page, number, "Sync to QuickBooks").click()
        expect(row(page, number).locator("[data-quickbooks]")).to_have_text("Queued")
    with page.expect_request("**/quickbooks/rows*") as request:
        page.evaluate(POLL)
    assert request.value.url.count("pending=") == 2
    workplace.control("POST", "settings", latency_ms=0)
    expect(page.locator("[data-quickbooks]", has_text="In QuickBooks")).to_have_count(2, timeout=PUSHED)
    requests = asked(page, "/quickbooks/rows")
    page.evaluate(POLL)
    hear_out(page)
    assert requests == []
