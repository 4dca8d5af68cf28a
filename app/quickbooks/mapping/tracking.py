"""Which class and which location a sale gets in QuickBooks (contract section 4.2): the company's rules, in order.

The first rule that matches and names one decides; without any, the default does, and without that there is none.
Classes stand on each line or on the whole sale, as QuickBooks' preference says; a location is the whole sale's.
They are said once, when a sale is made there: a bookkeeper who moves it to another class has the last word.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from app.invoices.models import Invoice
from app.quickbooks.mapping.values import name_key

if TYPE_CHECKING:
    from app.quickbooks.mapping.facts import CompanyFacts


class PerWhat(enum.StrEnum):
    """Where classes stand; nothing when the company tracks none."""

    NOTHING = ""
    LINE = "line"
    SALE = "sale"


class About(enum.StrEnum):
    ITEM = "item"
    STATE = "state"
    CITY = "city"
    CUSTOMER = "customer"

    @property
    def label(self) -> str:
        return {
            "item": "Item is",
            "state": "Service location's state is",
            "city": "Service location's city is",
            "customer": "Customer is",
        }[self.value]


@dataclass(frozen=True)
class Rule:
    """`value` is a name, or a customer's id; an empty id of a class or a location says nothing about it."""

    about: About
    value: str
    class_id: str = ""
    location_id: str = ""


@dataclass(frozen=True)
class Tracking:
    """What the Owner chose: the defaults, and the rules in their order."""

    class_id: str = ""
    location_id: str = ""
    rules: tuple[Rule, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> Tracking:
        if not stored:
            return cls()
        rules = tuple(Rule(**{**rule, "about": About(rule["about"])}) for rule in stored["rules"])
        return cls(stored["class_id"], stored["location_id"], rules)


def of_sale(invoice: Invoice, facts: CompanyFacts) -> dict[str, Any]:
    """The fields for the body of an invoice, or of a refund of it."""
    found = _ref("DepartmentRef", location_id(invoice, facts))
    if facts.classes_per is PerWhat.SALE:
        found |= _ref("ClassRef", class_id(invoice, _items(invoice), facts))
    return found


def of_line(invoice: Invoice, items: Iterable[str], facts: CompanyFacts) -> dict[str, Any]:
    """The field for a line's detail; `items` are the names it sells, none for a discount."""
    if facts.classes_per is not PerWhat.LINE:
        return {}
    return _ref("ClassRef", class_id(invoice, items, facts))


def class_id(invoice: Invoice, items: Iterable[str], facts: CompanyFacts) -> str:
    """Empty for none, and for one that QuickBooks no longer offers."""
    tracking = facts.tracking
    wanted = _first(tracking, invoice, items, lambda rule: rule.class_id) or tracking.class_id
    return wanted if wanted in facts.classes else ""


def location_id(invoice: Invoice, facts: CompanyFacts) -> str:
    """Empty for none, and for one that QuickBooks no longer offers."""
    tracking = facts.tracking
    wanted = _first(tracking, invoice, _items(invoice), lambda rule: rule.location_id) or tracking.location_id
    return wanted if facts.tracks_locations and wanted in facts.locations else ""


def _first(tracking: Tracking, invoice: Invoice, items: Iterable[str], named: Callable[[Rule], str]) -> str:
    facts = _Facts.of(invoice, items)
    return next((named(rule) for rule in tracking.rules if named(rule) and facts.match(rule)), "")


@dataclass(frozen=True)
class _Facts:
    """What rules ask of a sale."""

    items: frozenset[str]
    state: str
    city: str
    customer: str

    @classmethod
    def of(cls, invoice: Invoice, items: Iterable[str]) -> _Facts:
        place = invoice.place
        return cls(
            frozenset(map(name_key, items)),
            _plain(place.state if place else ""),
            _plain(place.city if place else ""),
            str(invoice.customer_id),
        )

    def match(self, rule: Rule) -> bool:
        match rule.about:
            case About.ITEM:
                return name_key(rule.value) in self.items
            case About.STATE:
                return _plain(rule.value) == self.state
            case About.CITY:
                return _plain(rule.value) == self.city
            case About.CUSTOMER:
                return rule.value == self.customer


def _items(invoice: Invoice) -> list[str]:
    return [line.item for line in invoice.lines]


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _ref(field: str, remote_id: str) -> dict[str, Any]:
    return {field: {"value": remote_id}} if remote_id else {}
