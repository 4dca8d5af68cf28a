"""What QuickBooks would make of an invoice that is not finalised yet, told while it can still be changed.

From what is remembered here alone: nobody is asked, so what only QuickBooks knows comes out when it is sent.
"""

from collections.abc import Callable, Iterator

from flask import g
from sqlalchemy import and_, select

from app.accounts.models import Company
from app.customers.place import Place
from app.extensions import db
from app.invoices.forms.invoice import InvoiceForm
from app.invoices.models import Invoice, InvoiceLine, InvoiceStatus
from app.lib.money import ZERO
from app.quickbooks.account import company
from app.quickbooks.account.connection import live_connection
from app.quickbooks.kinds import KINDS
from app.quickbooks.mapping import books, tax
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.problems import CannotMap
from app.quickbooks.models import Connection, KnownRecord, RecordKind, RemoteLink
from app.quickbooks.outbox.backlog import is_before_the_day
from app.quickbooks.pages.forewarning import Forewarning, invoice_name, told
from app.quickbooks.pages.preflight_alike import about_alike
from app.quickbooks.pages.preflight_needs import about_customer, about_items

TAX_NOT_SET_UP = "QuickBooks computes the sales tax itself and is not set up for it, so it would count none."
SET_IT_UP = "Set up sales tax in QuickBooks, or take the tax off this invoice."


def of_draft(invoice: Invoice) -> list[Forewarning]:
    """Nothing of an invoice that is no draft, or that would not go to QuickBooks by itself."""
    connection = live_connection(invoice.company_id)
    if connection is None or invoice.status is not InvoiceStatus.DRAFT:
        return []
    return forewarnings(connection, invoice) if _goes(connection, invoice) else []


def _goes(connection: Connection, invoice: Invoice) -> bool:
    """By itself, once it is finalised."""
    chosen = connection.preferences
    if is_before_the_day(chosen.send_from, invoice.issue_date):
        return False
    return chosen.sync_invoices and connection.company.plan.has_quickbooks


def of_form(form: InvoiceForm) -> list[Forewarning]:
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
        place=next((one.place for one in form.locations if one.id == form.location_id.data), Place()),
        lines=[InvoiceLine(item=item) for item in items],
    )


def forewarnings(connection: Connection, invoice: Invoice) -> list[Forewarning]:
    """What stops it first. Nothing while the company has not been read yet."""
    if not connection.facts:
        return []
    facts = company.facts_of(connection)
    found = [
        *_refused(invoice, facts),
        *_about_number(connection, invoice),
        *about_customer(connection, invoice, facts),
        *about_items(connection, invoice, facts),
        *about_alike(connection, invoice),
    ]
    return sorted(found, key=lambda forewarning: not forewarning.stops)


def _refused(invoice: Invoice, facts: CompanyFacts) -> Iterator[Forewarning]:
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
            yield told(refusal.key, field, invoice_name(invoice), **refusal.details)
    if invoice.tax_total and facts.automated_sales_tax and not facts.tax_is_set_up:
        yield Forewarning("total_differs", TAX_NOT_SET_UP, SET_IT_UP, field="tax_rate")


def _about_number(connection: Connection, invoice: Invoice) -> Iterator[Forewarning]:
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
        yield told("doc_number_taken", "", invoice_name(invoice))
    else:
        other = db.session.get(Invoice, found.record_id)
        yield told("doc_number_linked", "", invoice_name(invoice), other=other.number if other else "")
