"""The pages where the Owner says how QuickBooks keeps the books: payments, terms, classes and locations."""

import pytest

from app.customers.records import CustomerData, create_customer
from app.extensions import db
from app.invoices.models import PaymentMethod
from app.quickbooks.mapping.tracking import About, Rule, Tracking
from tests.quickbooks import builders
from tests.quickbooks.scenarios.test_classes import tracked

QUICKBOOKS = "/settings/integrations/quickbooks"
PAYMENTS, CLASSES = f"{QUICKBOOKS}/payments", f"{QUICKBOOKS}/classes"


def checking(quickbooks) -> str:
    facts = quickbooks.connection.facts
    return next(one["id"] for one in facts["deposit_accounts"] if one["subtype"] == "Checking")


def test_a_payment_goes_where_the_owner_chose(quickbooks, owner):
    bill = builders.sent_invoice(builders.customer(owner.company))
    quickbooks.switch_payments()
    assert 'aria-label="Account for Card"' in owner.get(PAYMENTS).text
    assert owner.post(PAYMENTS, {"account-card": checking(quickbooks), "method-card": ""}).status_code == 303
    builders.payment(bill, "40", method=PaymentMethod.CARD)
    quickbooks.drain()
    assert quickbooks.books("Payment")[0]["DepositToAccountRef"]["value"] == checking(quickbooks)


@pytest.mark.parametrize("field", ["account-card", "method-card"])
def test_what_quickbooks_does_not_have_is_refused(quickbooks, owner, field):
    answer = owner.post(PAYMENTS, {field: "99999"})
    assert answer.status_code == 422
    assert "QuickBooks no longer has one of these" in answer.text
    assert quickbooks.connection.preferences.deposit_accounts == {}


def without_net_60(quickbooks) -> None:
    (term,) = [one for one in quickbooks.books("Term") if one["Name"] == "Net 60"]
    quickbooks.do("term", term["Id"], "edit", Name="Sixty days")
    quickbooks.owner.post(f"{QUICKBOOKS}/read-again")


def test_terms_that_quickbooks_lacks_are_made_by_one_click(quickbooks, owner):
    without_net_60(quickbooks)
    assert "Make Net 60 in QuickBooks" in owner.get(f"{QUICKBOOKS}/tax-and-terms").text
    for _ in range(2):  # a second click, from another window, makes no second one
        answer = owner.post(f"{QUICKBOOKS}/terms", {"terms": "net_60"}, follow_redirects=True)
        assert "Net 60 is in QuickBooks now." in answer.text
    made = [one for one in quickbooks.books("Term") if one["Name"] == "Net 60"]
    assert [one["DueDays"] for one in made] == [60]
    assert "Make Net 60 in QuickBooks" not in answer.text


def test_terms_that_are_none_of_ours_are_not_found(quickbooks, owner):
    assert owner.post(f"{QUICKBOOKS}/terms", {"terms": "net_7"}).status_code == 404


def rules(*rows: tuple[str, str, str, str], **more: str) -> dict:
    names = ("about", "value", "class_id", "location_id")
    return {name: [row[place] for row in rows] for place, name in enumerate(names)} | more


def test_rules_are_previewed_and_then_saved(quickbooks, owner):
    installation, service, portland = tracked(quickbooks, "ClassTrackingPerTxnLine")
    quickbooks.connection.preferences.tracking = {}
    db.session.commit()
    person = builders.customer(owner.company, "Rivera HVAC")
    bill = builders.sent_invoice(person, lines=(("Boiler", "1", "9"), ("Filter", "1", "1")))
    typed = rules(
        ("item", "boiler", installation, ""),
        ("customer", "rivera hvac", "", portland),
        ("item", "", "", ""),
        default_class=service,
        default_location="",
    )
    page = owner.post(CLASSES, typed | {"preview": "1"})
    assert page.status_code == 200
    preview = page.text.split('id="classes-preview"')[1]
    assert bill.number in preview
    assert "Installation, Service" in preview
    assert "Portland" in preview
    assert quickbooks.connection.preferences.tracking == {}
    assert owner.post(CLASSES, typed).status_code == 303
    expected = Tracking(
        service,
        "",
        (Rule(About.ITEM, "boiler", installation), Rule(About.CUSTOMER, str(person.id), "", portland)),
    )
    assert Tracking.from_json(quickbooks.connection.preferences.tracking) == expected
    assert 'value="Rivera HVAC"' in owner.get(CLASSES).text


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("item", "", "class", ""), "Write what the rule looks for."),
        (("item", "Boiler", "", ""), "Choose what the rule gives."),
        (("item", "Boiler", "99", ""), "QuickBooks no longer has this class."),
        (("item", "Boiler", "", "99"), "QuickBooks no longer has this location."),
        (("customer", "Nobody", "class", ""), "Write the name of one of your customers"),
        (("weather", "", "class", ""), "Write what the rule looks for."),
    ],
)
def test_what_is_wrong_is_said_beside_the_rule(quickbooks, owner, row, problem):
    installation, _, _ = tracked(quickbooks, "ClassTrackingPerTxnLine")
    before = quickbooks.connection.preferences.tracking
    answer = owner.post(CLASSES, rules(tuple(installation if cell == "class" else cell for cell in row)))
    assert answer.status_code == 422
    assert problem in answer.text
    assert f'value="{row[1]}"' in answer.text
    assert quickbooks.connection.preferences.tracking == before


def test_a_customer_of_another_company_is_nobody(quickbooks, owner, stranger):
    installation, _, _ = tracked(quickbooks, "ClassTrackingPerTxnLine")
    builders.customer(stranger.company, "Summit Client")
    answer = owner.post(CLASSES, rules(("customer", "Summit Client", installation, "")))
    assert answer.status_code == 422


def test_a_hundred_rules_are_checked_together(quickbooks, owner, count_queries):
    installation, _, _ = tracked(quickbooks, "ClassTrackingPerTxnLine")
    for number in range(100):
        create_customer(owner.company, CustomerData(f"Rivera {number}"))
    db.session.commit()
    counts = []
    for count in (1, 100):
        typed = rules(*(("customer", f"rivera {number}", installation, "") for number in range(count)))
        with count_queries() as statements:
            assert owner.post(CLASSES, typed).status_code == 303
        counts.append(statements.count)
    assert counts[1] == counts[0]
    page = owner.get(CLASSES).text
    assert page.count('name="value"') == 100
    assert "No more than 100 rules fit." in page
    assert owner.post(CLASSES, rules(*[("item", "Boiler", installation, "")] * 101)).status_code == 400


def test_a_company_that_tracks_nothing_is_told_where_to_switch_it_on(quickbooks, owner):
    assert "tracks neither classes nor locations" in owner.get(CLASSES).text


def test_a_preview_counts_its_invoices_in_words(quickbooks, owner):
    tracked(quickbooks, "ClassTrackingPerTxnLine")
    assert "No invoice to try these rules on" in owner.post(CLASSES, {"preview": "1"}).text
    person = builders.customer(owner.company)
    for heading in ("Your last invoice with these rules", "Your last 2 invoices with these rules"):
        builders.sent_invoice(person)
        assert heading in owner.post(CLASSES, {"preview": "1"}).text


@pytest.mark.parametrize(("page", "address"), [("classes", CLASSES), ("", f"{QUICKBOOKS}/tax-and-terms")])
def test_reading_again_leads_back_to_the_page_that_asked(quickbooks, owner, page, address):
    assert owner.post(f"{QUICKBOOKS}/read-again", {"page": page}).headers["Location"] == address
