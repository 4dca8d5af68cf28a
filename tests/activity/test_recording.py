"""What is written down about an event, and that it shares its transaction's fate."""

from datetime import date
from decimal import Decimal

import pytest

from app.accounts.models import Plan, Terms
from app.activity.models import ActivityKind
from app.activity.recording import change, record
from app.extensions import db
from tests.activity.events import all_events, changes_of, texts
from tests.invoices import builders
from tests.people import PASSWORD


def test_it_shares_the_transaction(owner):
    record(ActivityKind.COMPANY, "did something", owner.company_id)
    db.session.rollback()
    assert all_events() == []


def test_who_and_from_which_address(owner):
    owner.open("POST", "/settings/plan", data={"plan": "free"}, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    (event,) = all_events()
    assert (event.kind, event.text) == (ActivityKind.COMPANY, "changed the plan from Pro to Free")
    assert (event.user_id, event.address, event.company_id) == (
        owner.user_id,
        "203.0.113.9",
        owner.company_id,
    )
    assert owner.company.plan is Plan.FREE


def test_outside_a_request_it_is_the_clock(owner):
    record(ActivityKind.INVOICE, "became overdue", owner.company_id, on=_subject(owner))
    db.session.commit()
    event = all_events()[-1]
    assert (event.user, event.address) == (None, "")


def _subject(owner):
    return builders.customer(owner.company).subject


@pytest.mark.parametrize(
    ("before", "after", "symbol", "shown"),
    [
        (Decimal("1234.5"), Decimal(0), "$", "Field: $1,234.50 → $0.00"),
        (Decimal("8.2500"), Decimal("100.0000"), "", "Field: 8.25 → 100"),
        (date(2026, 3, 2), None, "", "Field: Mar 2, 2026 → nothing"),
        (Terms.NET_30, Terms.DUE_ON_RECEIPT, "", "Field: Net 30 → Due on receipt"),
        (False, True, "", "Field: no → yes"),
        ("", "text", "", "Field: nothing → text"),
    ],
)
def test_before_and_after_read_as_people_write_them(before, after, symbol, shown):
    what, old, new = change("Field", before, after, symbol)
    assert f"{what}: {old} → {new}" == shown


def test_signing_in_and_out_and_failing(owner):
    browser = owner.client.application.test_client()
    for password in ("wrong", PASSWORD):
        browser.post("/sign-in", data={"email": "olivia@harbor.example", "password": password})
    browser.post("/sign-out")
    assert texts() == ["did not sign in: wrong password", "signed in", "signed out"]
    assert {(event.kind, event.user_id, event.address) for event in all_events()} == {
        (ActivityKind.SIGN_IN, owner.user_id, "127.0.0.1")
    }


def test_somebody_unknown_belongs_to_no_company(owner):
    browser = owner.client.application.test_client()
    browser.post("/sign-in", data={"email": "nobody@harbor.example", "password": PASSWORD})
    assert all_events() == []


def test_the_company_settings_say_what_changed(owner):
    fields = {
        "name": "Harbor Heating",
        "time_zone": "America/New_York",
        "currency": "USD",
        "invoice_prefix": "HH",
        "tax_rate": "8.25",
        "payment_terms": "net_15",
    }
    for _ in range(2):  # the second saves what is there already
        owner.post("/settings/company", fields)
    (event,) = all_events()
    assert event.text == "changed the company's settings"
    assert changes_of(event) == [
        "Invoice prefix: INV → HH",
        "Default tax rate %: 0 → 8.25",
        "Payment terms: Net 30 → Net 15",
    ]


def test_a_payment_says_what_became_of_the_balance(owner):
    invoice = builders.invoice(builders.customer(owner.company))
    owner.post(f"/invoices/{invoice.id}/finalise")
    owner.post(f"/invoices/{invoice.id}/send")
    owner.post(
        f"/invoices/{invoice.id}/payments/new",
        {"amount": "40", "method": "check", "received_on": "2026-03-02"},
    )
    event = all_events()[-1]
    assert event.text == "recorded a payment of $40.00 (check)"
    assert changes_of(event) == ["Balance: $100.00 → $60.00"]
