"""What of an invoice's customer and of its items would stop it on its way to QuickBooks (preflight.py)."""

from collections.abc import Iterator

from sqlalchemy import func, select

from app.customers.models import Customer
from app.extensions import db
from app.invoices.models import Invoice
from app.quickbooks import outbox
from app.quickbooks.catalogue.keys import DOUBTFUL
from app.quickbooks.kinds import KINDS
from app.quickbooks.kinds.item import known_items
from app.quickbooks.kinds.recognition import Candidates, Claim, InTheWay
from app.quickbooks.kinds.records import link_of, links_of
from app.quickbooks.mapping.customer import customer_body
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.invoice import item_names
from app.quickbooks.mapping.values import name_key
from app.quickbooks.matching import directory, other_names, screening
from app.quickbooks.meanings import listed_items
from app.quickbooks.models import Connection, RecordKind, RemoteLink, SyncTask, TaskState
from app.quickbooks.outbox import answers
from app.quickbooks.pages.forewarning import NEW_ITEM, Forewarning, invoice_name, told


def about_customer(connection: Connection, invoice: Invoice, facts: CompanyFacts) -> Iterator[Forewarning]:
    customer = invoice.customer
    link = link_of(connection.id, RecordKind.CUSTOMER, customer.id)
    if _other_currency(invoice, link, facts):
        yield told("currency_refused", "customer", invoice_name(invoice))
    if link:
        return
    if stuck := _stuck(connection, RecordKind.CUSTOMER, customer.id, customer.name):
        yield stuck
    elif _namesake_is_linked(connection, customer):
        yield told("name_taken_linked", "customer", customer.name)
    else:
        yield from _doubtful(connection, customer)


def _other_currency(invoice: Invoice, link: RemoteLink | None, facts: CompanyFacts) -> bool:
    """A customer has one currency there for ever: the home currency, unless it was made with another one. False
    where it was linked before its currency was kept.
    """
    if not facts.multicurrency:
        return False
    there = link.memory.seen.get("CurrencyRef") if link else {"value": facts.home_currency}
    return there is not None and there["value"] != invoice.company.currency


def _doubtful(connection: Connection, customer: Customer) -> Iterator[Forewarning]:
    """What the lane would ask about somebody new, as far as QuickBooks' customers are known here."""
    task = outbox.task_for(connection.id, RecordKind.CUSTOMER, customer.id)
    if task and (answers.of(task).link or answers.of(task).name):
        return
    kind = KINDS[RecordKind.CUSTOMER]
    name = kind.name_there(customer, task or SyncTask(answer={}))
    same_name = directory.called(connection.id, name)
    if same_name:
        claim = Claim(customer_body(customer))
        if isinstance(kind.judge(claim, Candidates(connection.id, same_name, same_name)), InTheWay):
            yield told("name_taken_contradicts", "customer", customer.name)
    elif question := screening.doubts(connection, [(customer, task)]).get(customer.id):
        yield told(question.problem, "customer", customer.name, why=question.told)
    elif other_names.taken(connection.id, [name]):
        yield told("name_taken_by_other", "customer", customer.name)


def about_items(connection: Connection, invoice: Invoice, facts: CompanyFacts) -> Iterator[Forewarning]:
    names = {name_key(name): name for name in item_names(invoice, facts)}
    known = known_items(connection.id, names.values())
    there = listed_items.sold_by_key(connection.id, names)
    links = links_of(connection.id, {RecordKind.ITEM: [item.id for item in known.values()]})
    new = [key for key in names if key not in known or (RecordKind.ITEM, known[key].id) not in links]
    for key in new:
        record = known.get(key)
        if record and (stuck := _stuck(connection, RecordKind.ITEM, record.id, names[key])):
            yield stuck
        elif there.get(key) is False:
            yield told("item_name_taken", "lines", names[key])
        elif there.get(key):
            continue  # it is linked by its name
        elif not connection.preferences.income_account_id:
            yield told("no_income_account", "lines", names[key])
        else:
            sentence = f"“{names[key]}” is new: QuickBooks gets a new item, unless it has one of this name."
            remedy = "If it is a slip of the pen, edit the invoice."
            yield Forewarning(NEW_ITEM, sentence, remedy, stops=False, field="lines")


def _stuck(connection: Connection, kind: RecordKind, record_id: int, name: str) -> Forewarning | None:
    """What the invoice needs waits for a person itself."""
    task: SyncTask | None = outbox.task_for(connection.id, kind, record_id)
    if task is None or task.state not in (TaskState.ERROR, TaskState.SKIPPED):
        return None
    key = "needed_record_failed" if task.state is TaskState.ERROR else "needed_record_left_out"
    if task.problem == DOUBTFUL:
        key = "needed_customer_doubtful"
    field = "customer" if kind is RecordKind.CUSTOMER else "lines"
    return Forewarning(key, f"{name} is not in QuickBooks. {task.message}", task.remedy, field=field)


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
