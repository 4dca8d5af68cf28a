"""Settings → Company: the defaults new invoices start from."""

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
