"""Which class and location a sale gets: rules in order, then the default, then none."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.customers.place import Place
from app.invoices.models import Invoice, InvoiceLine
from app.quickbooks.mapping import tracking
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.facts_of_answers import classes_per, tracks_locations
from app.quickbooks.mapping.tracking import About, PerWhat, Rule, Tracking

CLASSES = {"1": "Installation", "2": "Service", "3": "Service:Emergency"}
LOCATIONS = {"7": "Portland", "8": "Boston"}
FACTS = CompanyFacts(classes_per=PerWhat.LINE, tracks_locations=True, classes=CLASSES, locations=LOCATIONS)


def sale(*items: str, state: str = "ME", city: str = "Portland", customer_id: int = 5) -> Invoice:
    invoice = Invoice(customer_id=customer_id, lines=[InvoiceLine(item=item) for item in items])
    invoice.place = Place(city=city, state=state)
    return invoice


def with_rules(
    *rules: Rule, default: str = "", location: str = "", per: PerWhat = PerWhat.LINE
) -> CompanyFacts:
    return replace(FACTS, classes_per=per, tracking=Tracking(default, location, rules))


def line_class(invoice: Invoice, item: str, facts: CompanyFacts) -> str:
    return tracking.of_line(invoice, [item], facts).get("ClassRef", {}).get("value", "")


@pytest.mark.parametrize(
    ("rule", "is_met"),
    [
        (Rule(About.ITEM, "service CALL", "1"), True),
        (Rule(About.ITEM, "Service", "1"), False),
        (Rule(About.STATE, "me", "1"), True),
        (Rule(About.STATE, "MA", "1"), False),
        (Rule(About.CITY, " portland ", "1"), True),
        (Rule(About.CITY, "South Portland", "1"), False),
        (Rule(About.CUSTOMER, "5", "1"), True),
        (Rule(About.CUSTOMER, "55", "1"), False),
    ],
)
def test_what_a_rule_asks(rule: Rule, is_met: bool):
    assert line_class(sale("Service call"), "Service call", with_rules(rule)) == ("1" if is_met else "")


def test_the_first_rule_that_matches_decides():
    facts = with_rules(Rule(About.STATE, "ME", "2"), Rule(About.ITEM, "Boiler", "1"), default="3")
    assert line_class(sale("Boiler"), "Boiler", facts) == "2"
    assert line_class(sale("Boiler", state="MA"), "Boiler", facts) == "1"
    assert line_class(sale("Filter", state="MA"), "Filter", facts) == "3"


def test_a_rule_about_a_location_only_says_nothing_of_classes():
    facts = with_rules(Rule(About.STATE, "ME", location_id="8"), Rule(About.CITY, "Portland", "1"))
    assert line_class(sale("Filter"), "Filter", facts) == "1"
    assert tracking.of_sale(sale("Filter"), facts) == {"DepartmentRef": {"value": "8"}}


def test_for_the_whole_sale_any_line_meets_a_rule_about_an_item():
    facts = with_rules(Rule(About.ITEM, "Boiler", "1"), default="2", per=PerWhat.SALE)
    assert tracking.of_sale(sale("Filter", "Boiler"), facts) == {"ClassRef": {"value": "1"}}
    assert tracking.of_sale(sale("Filter"), facts) == {"ClassRef": {"value": "2"}}
    assert tracking.of_line(sale("Boiler"), ["Boiler"], facts) == {}


def test_what_quickbooks_does_not_track_or_have_is_not_sent():
    rules = (Rule(About.STATE, "ME", "99", "98"),)
    assert line_class(sale("Filter"), "Filter", with_rules(*rules, default="1")) == ""
    assert tracking.of_sale(sale("Filter"), with_rules(*rules, location="7")) == {}
    off = replace(with_rules(default="1", location="7", per=PerWhat.NOTHING), tracks_locations=False)
    assert tracking.of_sale(sale("Filter"), off) == {}
    assert line_class(sale("Filter"), "Filter", off) == ""


values = st.sampled_from(["ME", "MA", "Portland", "Boston", "Boiler", "Filter", "5", "6", ""])
rules = st.lists(
    st.builds(
        Rule,
        st.sampled_from(list(About)),
        values,
        st.sampled_from(["", *CLASSES]),
        st.sampled_from(["", *LOCATIONS]),
    ),
    max_size=6,
)
sales = st.builds(
    lambda item, state, city, customer: (item, sale(item, state=state, city=city, customer_id=customer)),
    st.sampled_from(["Boiler", "Filter"]),
    st.sampled_from(["ME", "MA", ""]),
    st.sampled_from(["Portland", "Boston", ""]),
    st.sampled_from([5, 6]),
)


def is_met(rule: Rule, item: str, invoice: Invoice) -> bool:
    """Said anew, by the words of the page."""
    asked = {
        About.ITEM: item,
        About.STATE: invoice.place.state if invoice.place else "",
        About.CITY: invoice.place.city if invoice.place else "",
        About.CUSTOMER: str(invoice.customer_id),
    }
    return asked[rule.about] == rule.value


@given(rules, st.sampled_from(["", *CLASSES]), sales)
def test_first_match_wins_then_the_default_then_none(
    rules: list[Rule], default: str, sold: tuple[str, Invoice]
):
    item, invoice = sold
    matching = [rule.class_id for rule in rules if rule.class_id and is_met(rule, item, invoice)]
    expected = matching[0] if matching else default
    assert line_class(invoice, item, with_rules(*rules, default=default)) == expected


@given(rules, st.sampled_from(["", *LOCATIONS]), sales)
def test_the_same_for_locations(rules: list[Rule], default: str, sold: tuple[str, Invoice]):
    item, invoice = sold
    matching = [rule.location_id for rule in rules if rule.location_id and is_met(rule, item, invoice)]
    expected = matching[0] if matching else default
    found = tracking.of_sale(invoice, with_rules(*rules, location=default))
    assert found.get("DepartmentRef", {}).get("value", "") == expected


@given(rules, st.sampled_from(["", *CLASSES]))
def test_what_was_chosen_survives_storage(rules: list[Rule], default: str):
    chosen = Tracking(default, "7", tuple(rules))
    assert Tracking.from_json(chosen.as_json()) == chosen
    assert Tracking.from_json({}) == Tracking()


@pytest.mark.parametrize(
    ("flags", "per", "locations"),
    [
        ({}, PerWhat.NOTHING, False),
        ({"ClassTrackingPerTxn": True}, PerWhat.SALE, False),
        ({"ClassTrackingPerTxnLine": True, "TrackDepartments": True}, PerWhat.LINE, True),
        ({"ClassTrackingPerTxn": True, "ClassTrackingPerTxnLine": True}, PerWhat.LINE, False),
    ],
)
def test_quickbooks_preference_says_where(flags: dict, per: PerWhat, locations: bool):
    preferences = {"AccountingInfoPrefs": flags}
    assert (classes_per(preferences), tracks_locations(preferences)) == (per, locations)
