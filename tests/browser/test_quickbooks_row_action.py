"""One invoice at once: the action in an invoice row's menu, with the mouse and with the keyboard."""

from playwright.sync_api import expect

from tests.browser.steps import PUSHED, action, connect, disconnect, open_menu, open_tab, row


def test_the_labels_follow_the_push_by_themselves(workplace, sign_in):
    workplace.add_invoices("HH-1")
    page = sign_in(workplace.owner)
    connect(page, workplace)
    page.goto("/invoices")
    badge = row(page, "HH-1").locator("[data-quickbooks]")
    workplace.control("POST", "settings", latency_ms=4000)
    action(page, "HH-1", "Sync to QuickBooks").click()
    expect(badge).to_have_text("Queued")
    expect(action(page, "HH-1", "Sync queued")).to_be_disabled()
    workplace.control("POST", "settings", latency_ms=0)
    expect(badge).to_have_text("In QuickBooks", timeout=PUSHED)
    assert [invoice["DocNumber"] for invoice in workplace.books("Invoice")] == ["HH-1"]
    workplace.bookkeeper_renumbers("HH-1", "QB-77")
    page.keyboard.press("Escape")
    open_menu(page, "HH-1").get_by_role("link", name="Force re-sync").click()
    overwrite = page.get_by_role("dialog").get_by_role("button", name="Overwrite in QuickBooks")
    expect(overwrite).to_be_visible()
    workplace.control("POST", "settings", latency_ms=4000)
    overwrite.click()
    expect(badge).to_have_text("Queued")
    workplace.control("POST", "settings", latency_ms=0)
    expect(badge).to_have_text("In QuickBooks", timeout=PUSHED)
    assert [invoice["DocNumber"] for invoice in workplace.books("Invoice")] == ["HH-1"]


def test_enter_on_a_tick_sends_nothing(workplace, sign_in):
    workplace.add_invoices("HH-1")
    page = sign_in(workplace.owner)
    connect(page, workplace)
    page.goto("/invoices")
    tick = page.get_by_label("Select HH-1")
    tick.press("Space")
    expect(page.locator("#selection")).to_contain_text("1 selected")
    tick.press("Enter")
    page.reload()
    expect(page.locator("#flashes")).not_to_contain_text("queued for QuickBooks")
    expect(row(page, "HH-1").locator("[data-quickbooks]")).to_have_text("Not sent")


def test_retry_after_a_failure(workplace, sign_in):
    workplace.add_invoices("HH-1")
    page = sign_in(workplace.owner)
    connect(page, workplace)
    workplace.next_answer("invoice.create", code="6000")
    page.goto("/invoices")
    action(page, "HH-1", "Sync to QuickBooks").click()
    failed = row(page, "HH-1").get_by_text("Needs you")
    expect(failed).to_be_visible(timeout=PUSHED)
    to_fix = page.locator("#navigation-quickbooks")
    expect(to_fix).to_have_text("1 to fix")
    failed.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("QuickBooks refused Invoice HH-1")
    action(page, "HH-1", "Retry").click()
    expect(row(page, "HH-1").locator("[data-quickbooks]")).to_have_text("In QuickBooks", timeout=PUSHED)
    expect(to_fix).to_be_hidden()
    expect(page.get_by_role("tooltip")).to_be_hidden()


def test_not_connected_it_is_disabled_and_says_where_to_go(workplace, sign_in):
    workplace.add_invoices("HH-1")
    page = sign_in(workplace.owner)
    page.goto("/invoices")
    entry = action(page, "HH-1", "Sync to QuickBooks")
    expect(entry).to_be_disabled()
    entry.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("Settings → Integrations → QuickBooks")
    entry.click(force=True)
    expect(entry).to_be_visible()
    connect(page, workplace)
    disconnect(page)
    page.goto("/invoices")
    expect(action(page, "HH-1", "Sync to QuickBooks")).to_be_disabled()


def test_the_keyboard_reaches_the_action_and_its_reason(workplace, sign_in):
    workplace.add_invoices("HH-1")
    page = sign_in(workplace.owner)
    page.goto("/invoices")
    row(page, "HH-1").get_by_role("button", name="Actions for HH-1").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    expect(page.locator(":focus")).to_have_text("Sync to QuickBooks")
    expect(page.get_by_role("tooltip")).to_contain_text("Settings → Integrations → QuickBooks")
    page.keyboard.press("Escape")
    expect(page.locator(":focus")).to_have_attribute("aria-label", "Actions for HH-1")
    connect(page, workplace)
    page.goto("/invoices")
    row(page, "HH-1").get_by_role("button", name="Actions for HH-1").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(row(page, "HH-1").locator("[data-quickbooks]")).to_have_text("In QuickBooks", timeout=PUSHED)


def test_with_invoices_off_it_is_disabled_and_says_so(workplace, sign_in):
    workplace.add_invoices("HH-1")
    page = sign_in(workplace.owner)
    connect(page, workplace)
    open_tab(page, "Settings")
    page.get_by_label("Invoices", exact=True).uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#flashes")).to_contain_text("Sync Preferences saved.")
    page.goto("/invoices")
    action(page, "HH-1", "Sync to QuickBooks").hover()
    expect(page.get_by_role("tooltip")).to_contain_text("Invoice sync is off")


def test_the_invoices_own_page_offers_the_same(workplace, sign_in):
    workplace.add_invoices("HH-1")
    page = sign_in(workplace.owner)
    connect(page, workplace)
    page.goto("/invoices")
    page.get_by_role("link", name="HH-1", exact=True).click()
    panel = page.locator("section").filter(has=page.get_by_role("heading", name="QuickBooks"))
    expect(panel).to_contain_text("This invoice has not been sent to QuickBooks.")
    panel.get_by_role("button", name="Sync to QuickBooks").click()
    expect(panel).to_contain_text("This invoice is in QuickBooks.", timeout=PUSHED)
    expect(panel.get_by_role("link", name="Force re-sync")).to_be_visible()


def test_a_draft_has_no_action(workplace, sign_in):
    workplace.add_draft()
    page = sign_in(workplace.owner)
    connect(page, workplace)
    page.goto("/invoices")
    menu = open_menu(page, "INV-2026-0001")
    expect(menu.get_by_role("link", name="View")).to_be_visible()
    expect(menu.get_by_text("QuickBooks")).to_have_count(0)
