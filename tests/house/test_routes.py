"""Every route says who may call it, and nobody else gets in."""

import pytest
from flask import Flask

PUBLIC = {
    "accounts.sign_in",
    "accounts.home",
    "accounts.code",  # the password was right, in this browser
    "accounts.forgotten",
    "accounts.strength",
    "accounts.sign_up",
    # what a link in a mail opens
    *("accounts.reset", "accounts.accept", "accounts.open_company", "accounts.confirm_email"),
    "quickbooks.callback",  # the session it belongs to is checked by its state
    "quickbooks.not_connected",
    # where Intuit sends people; they change nothing
    *("quickbooks.launch", "quickbooks.reconnect", "quickbooks.disconnected"),
    "quickbooks.receive",  # reads only what Intuit signed
    "notifications.unsubscribe",  # the token is signed, and says whom and what it is about
    "notifications.leave",
    "design.choose",  # a colour scheme, kept in the browser
    "health.web",  # say no more than whether all is well
    "health.worker",
}

OWN_ACCOUNT = {
    "notifications.save",
    "accounts.sign_out",
    "accounts.confirm",
    *("accounts.save_profile", "accounts.change_email", "accounts.change_password"),
    *("accounts.end_session", "accounts.end_other_sessions"),
    *("accounts.two_step", "accounts.new_recovery_codes", "accounts.turn_off_two_step"),
}


def rules(app: Flask) -> list:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in ("static", "bootstrap.static")]


def test_every_route_has_a_guard(app: Flask):
    bare = [rule.endpoint for rule in rules(app) if not hasattr(app.view_functions[rule.endpoint], "guard")]
    assert bare == []


def test_the_public_routes_are_the_reviewed_ones(app: Flask):
    public = {rule.endpoint for rule in rules(app) if app.view_functions[rule.endpoint].guard == "public"}
    assert public == PUBLIC


# What the domain page lets a Bookkeeper do with QuickBooks; all other settings are an Owner's.
KEEPING_BOOKS = {
    f"quickbooks.{view}"
    for view in (
        *(
            "integrations",
            "show",
            "panel",
            "last_days",
            "queue",
            "sync_pending",
            "queue_unsent",
            "queue_unplaced",
            "queue_earlier",
            "try_now",
            "retry_cause",
            "retry",
            "history",
            *("activity", "cause", "ask_to_leave_out_cause", "leave_out_cause"),
        ),
        *("link", "name", "number", "another", "overwrite", "leave", "ask_to_leave_out", "leave_out"),
        *("take_back_alike", "all_left_out"),
        *("matching_page", "matching_csv", "same_customer", "another_customer", "answer_group"),
        *("ask_to_unlink", "unlink", "earlier_invoices", "turn_earlier_page", "send_earlier"),
        *("leave_out_earlier", "found_invoices", "look_for_earlier", "link_earlier", "set_earlier_apart"),
        *("rehearsal", "rehearse", "rehearsal_lines", "rehearsal_csv"),
        *("tie_out", "compare", "tie_out_months_csv", "tie_out_invoices", "tie_out_invoices_csv"),
    )
}


def test_settings_are_the_owners_but_for_the_reviewed_ones(app: Flask):
    for rule in rules(app):
        if rule.rule.startswith("/settings"):
            shared = rule.endpoint in KEEPING_BOOKS or rule.endpoint.startswith("notifications.")
            allowed = ("owner", "bookkeeper") if shared else ("owner",)
            assert app.view_functions[rule.endpoint].guard == allowed, rule.endpoint


# Posts which rows go into a file, and changes nothing of theirs.
READING = {"invoices.download_selected", "invoices.start_export"}


def test_a_bookkeeper_changes_nothing_of_the_product(app: Flask):
    """Only what is about QuickBooks, and the own account."""
    for rule in rules(app):
        if "bookkeeper" in app.view_functions[rule.endpoint].guard and "POST" in rule.methods:
            assert rule.endpoint.startswith("quickbooks.") or rule.endpoint in OWN_ACCOUNT | READING, (
                rule.endpoint
            )


def test_invoices_are_closed_to_technicians(app: Flask):
    for rule in rules(app):
        if rule.rule.startswith("/invoices"):
            assert "technician" not in app.view_functions[rule.endpoint].guard, rule.endpoint


def test_strangers_are_sent_to_sign_in_everywhere(app: Flask):
    client = app.test_client()
    for rule in rules(app):
        if app.view_functions[rule.endpoint].guard == "public":
            continue
        address = rule.rule
        for argument in rule.arguments:
            address = address.replace(f"<int:{argument}>", "1").replace(f"<{argument}>", "1")
        method = "GET" if "GET" in rule.methods else "POST"
        answer = client.open(address, method=method)
        assert answer.status_code in (302, 303), rule.endpoint
        assert "/sign-in" in answer.headers["Location"], rule.endpoint


def test_head_answers_as_get_does(app: Flask, owner):
    """A view that looks for GET alone takes HEAD for a POST."""
    for rule in rules(app):
        if "GET" in rule.methods and rule.endpoint not in ONCE and not rule.arguments:
            answers = [owner.open(method, rule.rule).status_code for method in ("HEAD", "GET")]
            assert answers[0] == answers[1], rule.endpoint


ONCE = {"quickbooks.callback"}  # uses up its state


HEADERS = {
    "Content-Security-Policy": "base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
    "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
}


@pytest.mark.parametrize("path", ["/sign-in", "/nothing/here", "/activity/activity.csv"])
def test_every_answer_carries_the_security_headers(app: Flask, owner, path: str):
    answer = owner.get(path)
    for header, value in HEADERS.items():
        assert value in answer.headers[header]
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"] or answer.status_code == 303


def test_https_is_asked_for_where_it_is_spoken(app: Flask):
    secure = app.test_client().get("/sign-in", base_url="https://fsm.example")
    assert secure.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    assert "Strict-Transport-Security" not in app.test_client().get("/sign-in").headers


def test_files_are_what_they_say(app: Flask):
    answer = app.test_client().get("/static/app.css")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer.close()


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "CONNECT"])
def test_methods_that_nothing_uses_are_off(app: Flask, method: str):
    assert app.test_client().open("/sign-in", method=method).status_code == 405


def test_the_connect_window_stays_tied_to_its_page(app: Flask, owner):
    for path in ("/integrations/quickbooks/callback", "/integrations/quickbooks/not-connected"):
        assert owner.get(path).headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
