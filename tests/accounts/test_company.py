"""Settings → Company: the defaults new invoices start from."""

import re
from decimal import Decimal

import pytest

from app.accounts.models import Currency, Terms
from app.invoices.models import InvoiceStatus
from tests.invoices import builders
from tests.people import Actor

PAGE = "/settings/company"
FIELDS = {
    "name": "Harbor Heating & Air",
    "time_zone": "Europe/London",
    "currency": "GBP",
    "invoice_prefix": "HH",
    "tax_rate": "20",
    "payment_terms": "net_15",
}
SHOWN = {
    "name": "Harbor Heating",
    "time_zone": "America/New_York",
    "currency": "USD",
    "invoice_prefix": "INV",
    "tax_rate": "0",
    "payment_terms": "net_30",
}


def seen(page: str) -> dict[str, str]:
    return {"seen": re.search(r'name="seen"[^>]*value="([^"]*)"', page)[1]}


def test_an_owner_saves_them(owner: Actor):
    assert owner.post(PAGE, FIELDS).status_code == 303
    company = owner.company
    assert (company.name, company.time_zone, company.currency) == (
        FIELDS["name"],
        "Europe/London",
        Currency.GBP,
    )
    assert (company.default_tax_rate, company.payment_terms) == (Decimal(20), Terms.NET_15)
    page = owner.get(PAGE).text
    assert 'value="20"' in page
    assert "Harbor Heating &amp; Air" in page


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "x" * 201),
        ("time_zone", "Mars/Olympus"),
        ("currency", "XYZ"),
        ("invoice_prefix", "A B"),
        ("invoice_prefix", "TOOLONGPREFIX"),
        ("tax_rate", "eight"),
        ("tax_rate", "-1"),
        ("tax_rate", "101"),
        ("tax_rate", "NaN"),
        ("tax_rate", "8.12345"),
        ("payment_terms", "never"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_kept(owner: Actor, field: str, typed: str):
    answer = owner.post(PAGE, FIELDS | {field: typed})
    assert answer.status_code == 422
    assert f'id="{field}-note"' in answer.text
    assert owner.company.name == "Harbor Heating"


def test_what_another_owner_saved_meanwhile_is_not_overwritten_unasked(app, owner: Actor):
    other = Actor.hired(app, "omar@harbor.example", company="Harbor Heating")
    shown, shown_to_other = seen(owner.get(PAGE).text), seen(other.get(PAGE).text)
    other.post(PAGE, SHOWN | {"tax_rate": "8.25", "payment_terms": "net_15"} | shown_to_other)
    assert owner.company.default_tax_rate == Decimal("8.25")
    form = SHOWN | {"address": "1 Main St"}
    answer = owner.post(PAGE, form | shown)
    assert answer.status_code == 422
    assert (
        "Somebody changed the default tax rate and the payment terms since you opened this form"
        in answer.text
    )
    assert f'See <a href="{PAGE}" target="_blank">what it says now</a>' in answer.text
    assert "1 Main St" in answer.text
    assert (owner.company.default_tax_rate, owner.company.address) == (Decimal("8.25"), "")
    assert owner.post(PAGE, form | seen(answer.text)).status_code == 303
    assert (owner.company.default_tax_rate, owner.company.address) == (Decimal(0), "1 Main St")


def test_two_owners_who_save_the_same_are_asked_nothing(app, owner: Actor):
    other = Actor.hired(app, "omar@harbor.example", company="Harbor Heating")
    shown, shown_to_other = seen(owner.get(PAGE).text), seen(other.get(PAGE).text)
    assert other.post(PAGE, SHOWN | {"tax_rate": "8.25"} | shown_to_other).status_code == 303
    assert owner.post(PAGE, SHOWN | {"tax_rate": "8.250"} | shown).status_code == 303


def test_money_is_shown_in_the_companys_currency(owner: Actor):
    owner.post(PAGE, FIELDS)
    with owner.client.application.test_request_context():
        from flask_login import login_user

        from app.accounts.models import User
        from app.extensions import db
        from app.web.template_helpers import money

        login_user(db.session.get_one(User, owner.user_id))
        assert money(Decimal("-1234.5")) == "-£1,234.50"


@pytest.mark.parametrize("who", ["dispatcher", "technician"])
def test_the_owner_alone(who: str, request: pytest.FixtureRequest):
    assert request.getfixturevalue(who).get(PAGE).status_code == 403


def test_the_currency_stays_once_an_invoice_was_agreed(owner: Actor):
    bakery = builders.customer(owner.company)
    builders.invoice(bakery)
    assert owner.post(PAGE, FIELDS).status_code == 303  # of drafts nobody outside knows
    builders.invoice(bakery, status=InvoiceStatus.GENERATED)
    answer = owner.post(PAGE, FIELDS | {"currency": "EUR", "name": "Harbor Heat"})
    assert answer.status_code == 422
    assert "There are invoices in GBP: the currency can no longer be changed." in answer.text
    assert "Harbor Heat" in answer.text
    assert owner.company.currency is Currency.GBP
    assert owner.post(PAGE, FIELDS | {"name": "Harbor Heat"}).status_code == 303


def test_another_companys_invoices_do_not_count(owner: Actor, stranger: Actor):
    builders.invoice(builders.customer(stranger.company), status=InvoiceStatus.GENERATED)
    assert owner.post(PAGE, FIELDS).status_code == 303
