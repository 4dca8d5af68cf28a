"""The queue's banner in each of its states, and what an Owner does about an item."""

from playwright.sync_api import expect

from tests.browser.steps import PUSHED, connect, connect_and_wait, queue, status_of

QUICKBOOKS = "/settings/integrations/quickbooks"
POLL = "document.querySelectorAll('[data-poll]').forEach((element) => htmx.trigger(element, 'poll'))"


def test_in_progress_shows_a_bar_until_all_is_done(workplace, sign_in):
    workplace.add_customers("Casco Bay Brewing", "Dubé & Fils Bakery")
    workplace.control("POST", "settings", latency_ms=1500)
    page = sign_in(workplace.owner)
    connect(page, workplace)
    expect(queue(page)).to_contain_text("Sync in progress — 0 of 2 items are up to date in QuickBooks")
    expect(queue(page).get_by_role("progressbar")).to_be_visible()
    workplace.control("POST", "settings", latency_ms=0)
    expect(queue(page)).to_contain_text("Queue empty", timeout=PUSHED)
    expect(queue(page).get_by_role("progressbar")).to_be_hidden()
    expect(queue(page).get_by_role("button", name="Sync All Pending")).to_be_disabled()


def test_an_error_is_highlighted_and_retried(workplace, sign_in):
    page = sign_in(workplace.owner)
    connect(page, workplace)
    workplace.next_answer("customer.create", code="2050")
    workplace.add_customers("Rivera HVAC")
    page.reload()
    expect(queue(page)).to_contain_text("Errors — review the highlighted items", timeout=PUSHED)
    item = queue(page).get_by_role("listitem")
    expect(item).to_contain_text("This customer has a text that is too long for QuickBooks")
    expect(item.get_by_role("link", name="Customer Rivera HVAC")).to_be_visible()
    item.get_by_role("button", name="Retry").click()
    expect(queue(page)).to_contain_text("Queue empty", timeout=PUSHED)
    assert workplace.names_in_quickbooks() == {"Rivera HVAC"}


def test_its_history_tells_what_was_tried(workplace, sign_in):
    page = sign_in(workplace.owner)
    connect(page, workplace)
    workplace.next_answer("customer.create", code="2050")
    workplace.add_customers("Rivera HVAC")
    page.reload()
    queue(page).get_by_role("link", name="History").click(timeout=PUSHED)
    expect(page.get_by_role("heading", name="Customer Rivera HVAC")).to_be_visible()
    expect(page.locator("tbody tr")).to_contain_text("Refused")
    expect(page.locator("tbody tr")).to_contain_text("Code 2050")


def test_backoff_is_announced_and_sync_all_pending_leaves_it_alone(workplace, sign_in):
    page = sign_in(workplace.owner)
    connect(page, workplace)
    workplace.next_answer("customer.create", code="6000", detail="Please wait a few minutes and try again.")
    workplace.add_customers("Rivera HVAC")
    page.reload()
    expect(queue(page)).to_contain_text("1 item pending retry — items are in backoff", timeout=PUSHED)
    expect(queue(page).get_by_role("listitem")).to_contain_text("Next try:")
    queue(page).get_by_role("button", name="Sync All Pending").click()
    expect(page.locator("#toasts")).to_contain_text("Trying again at their own time: 1.")
    expect(queue(page)).to_contain_text("1 item pending retry")
    assert workplace.names_in_quickbooks() == set()


def test_money_that_is_not_in_quickbooks_is_named(workplace, sign_in):
    page = sign_in(workplace.owner)
    connect(page, workplace)
    workplace.next_answer("invoice.create", code="6000")
    workplace.add_invoices("HH-1")
    page.reload()
    expect(queue(page)).to_contain_text("Errors", timeout=PUSHED)
    verdict = page.get_by_role("heading", name="1 invoice, $100.00, is not in QuickBooks.")
    expect(verdict).to_be_visible()
    queue(page).get_by_role("button", name="Retry").click()
    expect(verdict).to_be_hidden(timeout=PUSHED)


def test_the_verdict_is_spoken_when_it_changes_and_only_then(workplace, sign_in):
    page = sign_in(workplace.owner)
    connect_and_wait(page, workplace)
    page.reload()
    spoken = page.locator("#announcer")
    expect(spoken).to_have_role("status")
    page.evaluate(
        "new MutationObserver(() => window.times = (window.times ?? 0) + 1)"
        ".observe(document.getElementById('announcer'), {childList: true})"
    )
    workplace.next_answer("customer.create", code="2050")
    workplace.add_customers("Rivera HVAC")
    page.evaluate(POLL)
    expect(spoken).to_have_text("1 record needs you.", timeout=PUSHED)
    times = page.evaluate("window.times")
    with page.expect_response("**/quickbooks/queue"):
        page.evaluate(
            f"htmx.ajax('GET', '{QUICKBOOKS}/queue', {{target: '#quickbooks-queue', swap: 'outerHTML'}})"
        )
    expect(queue(page).get_by_role("button", name="Sync All Pending")).to_be_disabled()
    assert page.evaluate("window.times") == times


def test_a_name_that_is_taken_gets_another_one_in_quickbooks(workplace, sign_in):
    workplace.add_customers("Rivera HVAC")
    page = sign_in(workplace.owner)
    connect_and_wait(page, workplace)
    workplace.add_customers("Rivera HVAC")
    page.reload()
    name = queue(page).get_by_label("Another name, in QuickBooks only")
    expect(name).to_have_value("Rivera HVAC (Customer)", timeout=PUSHED)
    name.fill(" ")
    queue(page).get_by_role("button", name="Send under this name").click()
    expect(queue(page)).to_contain_text("Write the name to use in QuickBooks.")
    name.fill("Rivera HVAC, Bangor")
    name.press("Enter")
    expect(queue(page)).to_contain_text("Queue empty", timeout=PUSHED)
    assert workplace.names_in_quickbooks() == {"Rivera HVAC", "Rivera HVAC, Bangor"}


def test_what_is_being_typed_survives_the_queues_refresh(workplace, sign_in):
    workplace.add_customers("Rivera HVAC")
    page = sign_in(workplace.owner)
    connect_and_wait(page, workplace)
    workplace.add_customers("Rivera HVAC")
    page.reload()
    name = queue(page).get_by_label("Another name, in QuickBooks only")
    name.fill("Rivera HVAC, Ban", timeout=PUSHED)
    with page.expect_response("**/quickbooks/queue"):
        page.evaluate(
            f"htmx.ajax('GET', '{QUICKBOOKS}/queue', {{target: '#quickbooks-queue', swap: 'outerHTML'}})"
        )
    page.keyboard.type("gor")
    expect(name).to_have_value("Rivera HVAC, Bangor")


def test_access_withdrawn_at_intuit_asks_for_a_reconnect(workplace, sign_in):
    page = sign_in(workplace.owner)
    connect(page, workplace)
    workplace.next_answer("customer.create", code="3200", times=2)  # a renewed token is refused as well
    workplace.add_customers("Rivera HVAC")
    page.reload()
    expect(status_of(page, "Connection status")).to_have_text("Reconnect needed", timeout=PUSHED)
    expect(queue(page)).to_contain_text("QuickBooks no longer lets FSM Navigator in.", timeout=PUSHED)
    expect(page.get_by_role("link", name="Reconnect to QuickBooks")).to_be_visible()
    connect_and_wait(page, workplace)
    assert workplace.names_in_quickbooks() == {"Rivera HVAC"}


def test_a_lapsed_subscription_is_said_in_plain_words(workplace, sign_in):
    page = sign_in(workplace.owner)
    connect(page, workplace)
    workplace.control("POST", f"companies/{workplace.realm()}", suspended=True)
    workplace.add_customers("Rivera HVAC")
    page.reload()
    expect(queue(page)).to_contain_text("Sync is paused.", timeout=PUSHED)
    expect(queue(page)).to_contain_text("subscription")
    expect(queue(page).get_by_role("progressbar")).to_be_hidden()


def test_the_navigation_counts_what_needs_somebody(workplace, sign_in):
    page = sign_in(workplace.owner)
    connect_and_wait(page, workplace)
    page.reload()
    entry = page.get_by_label("Main").get_by_role("link", name="QuickBooks")
    expect(entry).to_have_accessible_name("QuickBooks")
    workplace.next_answer("customer.create", code="2050")
    workplace.add_customers("Rivera HVAC")
    page.evaluate(POLL)
    expect(entry).to_have_accessible_name("QuickBooks 1 to fix", timeout=PUSHED)
    queue(page).get_by_role("button", name="Retry").click()
    expect(entry).to_have_accessible_name("QuickBooks", timeout=PUSHED)


def test_the_tabs_take_one_line_on_a_phone_and_the_keyboard_reaches_the_last(workplace, sign_in):
    connect(sign_in(workplace.owner), workplace)
    page = sign_in(workplace.owner, 390)
    page.goto(QUICKBOOKS)
    tabs = page.get_by_label("QuickBooks", exact=True).get_by_role("link")
    tops = {tabs.nth(place).bounding_box()["y"] for place in range(tabs.count())}
    assert len(tops) == 1
    tabs.first.focus()
    for _ in range(tabs.count() - 1):
        page.keyboard.press("Tab")
    expect(tabs.last).to_be_focused()
    expect(tabs.last).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator(".quickbooks-sections [aria-current='page']")).to_be_in_viewport(ratio=1)


def test_a_fold_stays_open_and_one_press_releases_many(workplace, sign_in):
    page = sign_in(workplace.owner)
    connect_and_wait(page, workplace)
    workplace.next_answer("customer.create", code="2210", times=2)
    workplace.add_customers("Rivera HVAC", "Casco Bay Brewing")
    page.reload()
    cause = page.locator("#cause-email_refused")
    expect(cause).to_contain_text("2 records", timeout=PUSHED)
    cause.get_by_text("Show all 2").click()
    expect(cause.get_by_role("link", name="Customer Rivera HVAC")).to_be_visible()
    with page.expect_response("**/quickbooks/queue"):
        page.evaluate(
            f"htmx.ajax('GET', '{QUICKBOOKS}/queue', {{target: '#quickbooks-queue', swap: 'outerHTML'}})"
        )
    expect(cause.get_by_role("link", name="Customer Rivera HVAC")).to_be_visible()
    cause.get_by_role("button", name="Retry all 2").click()
    expect(queue(page)).to_contain_text("Queue empty", timeout=PUSHED)
    assert len(workplace.names_in_quickbooks()) == 2


def test_a_whole_cause_is_left_out_in_a_dialog(workplace, sign_in):
    page = sign_in(workplace.owner)
    connect_and_wait(page, workplace)
    workplace.next_answer("customer.create", code="2210", times=2)
    workplace.add_customers("Rivera HVAC", "Casco Bay Brewing")
    page.reload()
    page.locator("#cause-email_refused").get_by_role("link", name="Leave all out").click(timeout=PUSHED)
    page.get_by_label("Reason").fill("Entered by hand")
    page.get_by_role("dialog").get_by_role("button", name="Leave all out").click()
    expect(page.get_by_role("alert")).to_contain_text("Left out: 2 records.")
    expect(page.locator("#quickbooks-left-out")).to_contain_text("Left out by Owner: Entered by hand")
