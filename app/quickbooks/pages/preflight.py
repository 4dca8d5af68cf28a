"""What QuickBooks would make of an invoice that is not finalised yet, told while it can still be changed.

From what is remembered here alone: nobody is asked, so what only QuickBooks knows comes out when it is sent.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from app.customers.models import Customer
from app.extensions import db
from app.invoices.models import Invoice
from app.quickbooks import outbox
from app.quickbooks.account import company
from app.quickbooks.catalogue import problem
from app.quickbooks.kinds import KINDS
from app.quickbooks.kinds.item import known_items
from app.quickbooks.kinds.records import links_of
from app.quickbooks.mapping import books, tax
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.invoice import item_names
from app.quickbooks.mapping.problems import CannotMap
from app.quickbooks.mapping.values import name_key
from app.quickbooks.models import Connection, RecordKind, RemoteLink, SyncTask, TaskState

NEW_ITEM = "new_item"


@dataclass(frozen=True)
class Finding:
    """`key` names it in the catalogue; what `stops` waits for a person, the rest is good to know."""

    key: str
    sentence: str
    remedy: str
    stops: bool = True


def findings(connection: Connection, invoice: Invoice) -> list[Finding]:
    """What stops it first. Nothing while the company has not been read yet."""
    if not connection.facts:
        return []
    facts = company.facts_of(connection)
    found = [
        *_refused(invoice, facts),
        *_about_customer(connection, invoice),
        *_about_items(connection, invoice, facts),
    ]
    return sorted(found, key=lambda finding: not finding.stops)


def _refused(invoice: Invoice, facts: CompanyFacts) -> Iterator[Finding]:
    """What the mapping would refuse, all of it and not only the first."""
    checks: tuple[Callable[[], object], ...] = (
        lambda: books.check_open(invoice.issue_date, facts),
        lambda: books.check_currency(invoice, facts),
        lambda: tax.code_for(invoice, facts),
    )
    for check in checks:
        try:
            check()
        except CannotMap as refusal:
            yield _told(refusal.key, KINDS[RecordKind.INVOICE].name(invoice), **refusal.details)


def _about_customer(connection: Connection, invoice: Invoice) -> Iterator[Finding]:
    customer = invoice.customer
    if _link(connection, RecordKind.CUSTOMER, customer.id):
        return
    if stuck := _stuck(connection, RecordKind.CUSTOMER, customer.id, customer.name):
        yield stuck
    elif _namesake_is_linked(connection, customer):
        yield _told("name_taken_linked", customer.name)


def _about_items(connection: Connection, invoice: Invoice, facts: CompanyFacts) -> Iterator[Finding]:
    names = {name_key(name): name for name in item_names(invoice, facts)}
    known = known_items(connection.id, names.values())
    links = links_of(connection.id, RecordKind.ITEM, [item.id for item in known.values()])
    new = [key for key in names if key not in known or (RecordKind.ITEM, known[key].id) not in links]
    for key in new:
        record = known.get(key)
        if record and (stuck := _stuck(connection, RecordKind.ITEM, record.id, names[key])):
            yield stuck
        elif not connection.preferences.income_account_id:
            yield _told("no_income_account", names[key])
        else:
            sentence = f"“{names[key]}” is new: QuickBooks gets a new item, unless it has one of this name."
            yield Finding(NEW_ITEM, sentence, "If it is a slip of the pen, edit the invoice.", stops=False)


def _stuck(connection: Connection, kind: RecordKind, record_id: int, name: str) -> Finding | None:
    """What the invoice needs waits for a person itself."""
    task: SyncTask | None = outbox.task_for(connection.id, kind, record_id)
    if task is None or task.state not in (TaskState.ERROR, TaskState.SKIPPED):
        return None
    key = "needed_record_failed" if task.state is TaskState.ERROR else "needed_record_left_out"
    return Finding(key, f"{name} is not in QuickBooks. {task.message}", task.remedy)


def _namesake_is_linked(connection: Connection, customer: Customer) -> bool:
    """Another customer of this name is in QuickBooks, where each name can be used once."""
    namesake = (
        select(RemoteLink.id)
        .join(Customer, Customer.id == RemoteLink.record_id)
        .where(
            RemoteLink.connection_id == connection.id,
            RemoteLink.kind == RecordKind.CUSTOMER,
            Customer.company_id == connection.company_id,
            func.lower(Customer.name) == customer.name.lower(),
            Customer.id != customer.id,
        )
    )
    return db.session.scalar(namesake.limit(1)) is not None


def _link(connection: Connection, kind: RecordKind, record_id: int) -> bool:
    return bool(links_of(connection.id, kind, [record_id]))


def _told(key: str, record: str, **details: object) -> Finding:
    sentence, _ = problem(key).words(record, **details)
    return Finding(key, sentence, problem(key).beforehand)
