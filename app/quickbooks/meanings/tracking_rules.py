"""Rules for classes and locations as an Owner types them, and what they make of the last invoices."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.customers.models import Customer
from app.extensions import among, db
from app.invoices.models import Invoice, InvoiceStatus
from app.quickbooks.mapping import tracking
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.tracking import About, PerWhat, Rule, Tracking
from app.quickbooks.models import Connection

MAX_RULES = 100
EMPTY_ROWS = 3
PREVIEWED = 50


@dataclass(frozen=True)
class TypedRule:
    """One row of the form; `problem` is what is wrong with it."""

    about: str = About.ITEM
    value: str = ""
    class_id: str = ""
    location_id: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Previewed:
    """An invoice, and the names it would get: its location, and each class once."""

    invoice: Invoice
    location: str
    classes: tuple[str, ...]


def stored(connection: Connection) -> list[TypedRule]:
    """As they are kept, a customer by its name."""
    rules = Tracking.from_json(connection.preferences.tracking).rules
    ids = [int(rule.value) for rule in rules if rule.about is About.CUSTOMER]
    known = select(Customer.id, Customer.name).where(
        Customer.company_id == connection.company_id, Customer.id.in_(ids)
    )
    names = {str(id_): name for id_, name in db.session.execute(known)}
    return [
        TypedRule(
            rule.about,
            names.get(rule.value, "") if rule.about is About.CUSTOMER else rule.value,
            rule.class_id,
            rule.location_id,
        )
        for rule in rules
    ]


def typed(form: Mapping[str, Sequence[str]]) -> list[TypedRule]:
    """The rows of a submitted form that say anything, in their order."""
    columns = (form.get(name, ()) for name in ("about", "value", "class_id", "location_id"))
    rows = (TypedRule(*(cell.strip() for cell in row)) for row in zip(*columns, strict=False))
    return [row for row in rows if row.value or row.class_id or row.location_id]


def most(connection: Connection) -> int:
    """How many rules the page may send. What was saved before there was a limit stays."""
    return max(MAX_RULES, len(Tracking.from_json(connection.preferences.tracking).rules))


def check(connection: Connection, facts: CompanyFacts, rows: Sequence[TypedRule]) -> list[TypedRule]:
    """The rows with what is wrong with each."""
    customers = _customers(connection, rows)
    return [replace(row, problem=_problem(facts, row, customers)) for row in rows]


def understood(connection: Connection, default: Rule, rows: Sequence[TypedRule]) -> Tracking:
    """Of rows that nothing is wrong with; `default` holds the two defaults."""
    customers = _customers(connection, rows)
    rules = (Rule(About(row.about), _value(row, customers), row.class_id, row.location_id) for row in rows)
    return Tracking(default.class_id, default.location_id, tuple(rules))


def preview(connection: Connection, facts: CompanyFacts) -> list[Previewed]:
    """What the rules of `facts` make of the last invoices. Asks QuickBooks nothing."""
    newest = (
        select(Invoice)
        .where(Invoice.company_id == connection.company_id, Invoice.status != InvoiceStatus.DRAFT)
        .order_by(Invoice.issue_date.desc(), Invoice.id.desc())
        .options(selectinload(Invoice.lines), selectinload(Invoice.customer))
        .limit(PREVIEWED)
    )
    return [_previewed(invoice, facts) for invoice in db.session.scalars(newest)]


def _previewed(invoice: Invoice, facts: CompanyFacts) -> Previewed:
    items = [line.item for line in invoice.lines]
    sets = [items] if facts.classes_per is PerWhat.SALE else [[item] for item in items]
    ids = [tracking.class_id(invoice, one, facts) for one in sets] if facts.classes_per else []
    classes = dict.fromkeys(facts.classes.get(id_, "") for id_ in ids)
    return Previewed(
        invoice,
        facts.locations.get(tracking.location_id(invoice, facts), ""),
        tuple(name or "none" for name in classes),
    )


def _problem(facts: CompanyFacts, row: TypedRule, customers: Mapping[str, str]) -> str:
    if row.about not in list(About) or not row.value:
        return "Write what the rule looks for."
    if not (row.class_id or row.location_id):
        return "Choose what the rule gives."
    if row.class_id and row.class_id not in facts.classes:
        return "QuickBooks no longer has this class. Choose another one."
    if row.location_id and row.location_id not in facts.locations:
        return "QuickBooks no longer has this location. Choose another one."
    if row.about == About.CUSTOMER and row.value.lower() not in customers:
        return "Write the name of one of your customers, exactly as it is."
    return ""


def _value(row: TypedRule, customers: Mapping[str, str]) -> str:
    return customers[row.value.lower()] if row.about == About.CUSTOMER else row.value


def _customers(connection: Connection, rows: Iterable[TypedRule]) -> dict[str, str]:
    """Ids of those that the rules name, by the name in lower case: of each name that one customer alone has."""
    name = func.lower(Customer.name)
    wanted = {row.value.lower() for row in rows if row.about == About.CUSTOMER}
    named = select(name, func.min(Customer.id)).where(
        Customer.company_id == connection.company_id, among(name, wanted)
    )
    found = db.session.execute(named.group_by(name).having(func.count() == 1))
    return {lower: str(id_) for lower, id_ in found}
