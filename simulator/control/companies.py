"""Found a company, or change one from outside: its subscription, preferences, closed books and other rules."""

from dataclasses import asdict
from typing import Any

from simulator.books.company import Company
from simulator.books.rules import CHECKS
from simulator.books.table import Record
from simulator.checks import checked, choice, text
from simulator.control.preferences import checked_preferences
from simulator.seed import COUNTRIES, found_books
from simulator.seed.sales_tax import BY_STATE
from simulator.world import World


def found(world: World, sent: dict[str, Any]) -> Company:
    """One more company: `name` and `country`, and with automated sales tax its home state. Raises ValueError."""
    known = {"name": text, "country": choice(*COUNTRIES), "automated_tax_in": choice(*BY_STATE)}
    sent = checked({"name": None, **sent}, known, "property")
    realm = str(max(map(int, world.companies)) + 1)
    country, taxed_in = sent.get("country", "US"), sent.get("automated_tax_in", "")
    company = found_books(realm, sent["name"], country, world.clock, taxed_in)
    world.companies.add(company)
    return company


def summary(company: Company) -> dict[str, Any]:
    return {
        "realm": company.realm,
        "name": company.name,
        "country": company.country,
        "currency": company.currency["value"],
        **asdict(company.rules),
    }


def change(company: Company, sent: dict[str, Any]) -> None:
    """Preferences are merged group by group; everything else is a rule. Raises ValueError and changes nothing."""
    sent = checked(sent, {**CHECKS, "preferences": checked_preferences}, "rule")
    preferences = dict(sent.get("preferences", {}))
    if "book_close_date" in sent:
        closed = {"BookCloseDate": sent["book_close_date"]}
        preferences["AccountingInfoPrefs"] = {**preferences.get("AccountingInfoPrefs", {}), **closed}
    if preferences:
        _prefer(company, preferences)
    for rule in asdict(company.rules):
        if rule in sent:
            setattr(company.rules, rule, sent[rule])
    if {"suspended", "plan"} & set(sent):
        _show_subscription(company)


def _prefer(company: Company, groups: dict[str, dict[str, Any]]) -> None:
    """A null takes a preference away."""
    before = company.preferences
    merged: Record = {**before}
    for group, changes in groups.items():
        together = {**before.get(group, {}), **changes}
        merged[group] = {key: value for key, value in together.items() if value is not None}
    company.replace("Preferences", before, merged)


def _show_subscription(company: Company) -> None:
    shown = {
        "SubscriptionStatus": "EXPIRED" if company.rules.suspended else "SUBSCRIBED",
        "OfferingSku": f"QuickBooks Online {company.rules.plan}",
    }
    info = company.info
    pairs = [{**pair, "Value": shown.get(pair["Name"], pair["Value"])} for pair in info["NameValue"]]
    company.replace("CompanyInfo", info, {**info, "NameValue": pairs})
