"""What QuickBooks would make of an invoice that is not finalised yet, told while it can still be changed.

From what is remembered here alone: nobody is asked, so what only QuickBooks knows comes out when it is sent.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import g
from sqlalchemy import and_, func, select

from app.accounts.models import Company
from app.customers.models import Customer
from app.extensions import db
from app.invoices.forms import InvoiceForm
from app.invoices.models import Invoice, InvoiceLine, InvoiceStatus
from app.lib.money import ZERO
from app.quickbooks import outbox
from app.quickbooks.account import company
from app.quickbooks.account.connection import live_connection
from app.quickbooks.catalogue import problem
from app.quickbooks.kinds import KINDS
from app.quickbooks.kinds.item import known_items
from app.quickbooks.kinds.recognition import Candidates, Claim, InTheWay
from app.quickbooks.kinds.records import links_of
from app.quickbooks.mapping import books, tax
from app.quickbooks.mapping.customer import customer_body
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.invoice import item_names
from app.quickbooks.mapping.problems import CannotMap
from app.quickbooks.mapping.values import name_key
from app.quickbooks.matching import directory, screening
from app.quickbooks.models import Connection, KnownRecord, RecordKind, RemoteLink, SyncTask, TaskState
from app.quickbooks.outbox import answers
from app.quickbooks.outbox.answers import DOUBTFUL

NEW_ITEM = "new_item"


@dataclass(frozen=True)
class Finding:
    """`key` names it in the catalogue; what `stops` waits for a person, the rest is good to know."""

    key: str
    sentence: str
    remedy: str
    stops: bool = True
    field: str = ""  # of the invoice form, beside which it is said; empty where none could change it


def of_draft(invoice: Invoice) -> list[Finding]:
    """Nothing of an invoice that is no draft, or that would not go to QuickBooks."""
    connection = live_connection(invoice.company_id)
    if connection is None or invoice.status is not InvoiceStatus.DRAFT:
        return []
    goes = connection.preferences.sync_invoices and connection.company.plan.has_quickbooks
    return findings(connection, invoice) if goes else []


def of_form(form: InvoiceForm) -> list[Finding]:
    """Of what is typed, saved or not; what stops it and what is good to know, once a form."""
    if "preflight" not in g:
        g.preflight = of_draft(typed) if (typed := _typed(form)) else []
    return list(g.preflight)


def _typed(form: InvoiceForm) -> Invoice | None:
    """The invoice as it would be; it belongs to no session. None where too much of it is missing."""
    customer, day = form.customer, form.issue_date.data
    if customer is None or day is None or (form.invoice and form.invoice.status is not InvoiceStatus.DRAFT):
        return None
    totals, items = form.totals, [row.form.item.data for row in form.lines if row.form.item.data]
    return Invoice(
        id=form.invoice.id if form.invoice else None,
        company_id=customer.company_id,
        company=db.session.get_one(Company, customer.company_id),
        customer=customer,
        number=form.invoice.number if form.invoice else "",
        status=InvoiceStatus.DRAFT,
        issue_date=day,
        tax_rate=form.tax_rate.data or ZERO,
        tax_total=totals.tax,
        discount_total=totals.discount,
        lines=[InvoiceLine(item=item) for item in items],
    )


def findings(connection: Connection, invoice: Invoice) -> list[Finding]:
    """What stops it first. Nothing while the company has not been read yet."""
    if not connection.facts:
        return []
    facts = company.facts_of(connection)
    found = [
        *_refused(invoice, facts),
        *_about_number(connection, invoice),
        *_about_customer(connection, invoice),
        *_about_items(connection, invoice, facts),
    ]
    return sorted(found, key=lambda finding: not finding.stops)


def _refused(invoice: Invoice, facts: CompanyFacts) -> Iterator[Finding]:
    """What the mapping would refuse, all of it and not only the first."""
    checks: tuple[tuple[str, Callable[[], object]], ...] = (
        ("issue_date", lambda: books.check_open(invoice.issue_date, facts)),
        ("", lambda: books.check_currency(invoice, facts)),
        ("tax_rate", lambda: tax.code_for(invoice, facts)),
    )
    for field, check in checks:
        try:
            check()
        except CannotMap as refusal:
            yield _told(refusal.key, field, _name(invoice), **refusal.details)


def _about_number(connection: Connection, invoice: Invoice) -> Iterator[Finding]:
    """Another invoice there has it, as far as the list of names tells (lane/known.py)."""
    key = KINDS[RecordKind.INVOICE].identity.key(invoice.number or "")
    if not key:
        return
    known, link = KnownRecord, RemoteLink
    there = (
        select(link.record_id)
        .select_from(known)
        .outerjoin(
            link,
            and_(
                link.connection_id == known.connection_id,
                link.kind == known.kind,
                link.remote_id == known.remote_id,
            ),
        )
    )
    found = db.session.execute(
        there.where(
            known.connection_id == connection.id,
            known.kind == RecordKind.INVOICE,
            known.key == key,
        ).limit(1)
    ).first()
    if found is None or (found.record_id is not None and found.record_id == invoice.id):
        return
    if found.record_id is None:
        yield _told("doc_number_taken", "", _name(invoice))
    else:
        other = db.session.get(Invoice, found.record_id)
        yield _told("doc_number_linked", "", _name(invoice), other=other.number if other else "")


def _about_customer(connection: Connection, invoice: Invoice) -> Iterator[Finding]:
    customer = invoice.customer
    if _link(connection, RecordKind.CUSTOMER, customer.id):
        return
    if stuck := _stuck(connection, RecordKind.CUSTOMER, customer.id, customer.name):
        yield stuck
    elif _namesake_is_linked(connection, customer):
        yield _told("name_taken_linked", "customer", customer.name)
    else:
        yield from _doubtful(connection, customer)


def _doubtful(connection: Connection, customer: Customer) -> Iterator[Finding]:
    """What the lane would ask about somebody new, as far as QuickBooks' customers are known here."""
    task = outbox.task_for(connection.id, RecordKind.CUSTOMER, customer.id)
    if task and (answers.of(task).link or answers.of(task).name):
        return
    kind = KINDS[RecordKind.CUSTOMER]
    same_name = directory.called(connection.id, kind.name_there(customer, task or SyncTask(answer={})))
    if same_name:
        claim = Claim(customer_body(customer))
        if isinstance(kind.judge(claim, Candidates(connection.id, same_name, same_name)), InTheWay):
            yield _told("name_taken_contradicts", "customer", customer.name)
    elif question := screening.doubts(connection, [(customer, task)]).get(customer.id):
        yield _told(question.problem, "customer", customer.name, why=question.told)


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
            yield _told("no_income_account", "lines", names[key])
        else:
            sentence = f"“{names[key]}” is new: QuickBooks gets a new item, unless it has one of this name."
            remedy = "If it is a slip of the pen, edit the invoice."
            yield Finding(NEW_ITEM, sentence, remedy, stops=False, field="lines")


def _stuck(connection: Connection, kind: RecordKind, record_id: int, name: str) -> Finding | None:
    """What the invoice needs waits for a person itself."""
    task: SyncTask | None = outbox.task_for(connection.id, kind, record_id)
    if task is None or task.state not in (TaskState.ERROR, TaskState.SKIPPED):
        return None
    key = "needed_record_failed" if task.state is TaskState.ERROR else "needed_record_left_out"
    if task.problem == DOUBTFUL:
        key = "needed_customer_doubtful"
    field = "customer" if kind is RecordKind.CUSTOMER else "lines"
    return Finding(key, f"{name} is not in QuickBooks. {task.message}", task.remedy, field=field)


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


def _name(invoice: Invoice) -> str:
    return KINDS[RecordKind.INVOICE].name(invoice) if invoice.number else "This invoice"


def _told(key: str, field: str, record: str, **details: object) -> Finding:
    entry = problem(key)
    sentence, remedy = entry.words(record, **details)
    return Finding(key, sentence, entry.beforehand or remedy, field=field)
