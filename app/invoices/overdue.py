"""The clock's own step: past its due date and not paid, an invoice is Overdue, by the day of its company."""

from collections import defaultdict

from sqlalchemy import select

from app.accounts.models import Company
from app.extensions import db
from app.invoices import history
from app.invoices.dates import today_in
from app.invoices.events import invoices_changed
from app.invoices.lifecycle import ALLOWED, move
from app.invoices.models import Invoice, InvoiceStatus

_FROM = [status for status, nexts in ALLOWED.items() if InvoiceStatus.OVERDUE in nexts]


def mark_overdue() -> list[int]:
    """Every company's; returns the ids of the invoices. Commits after each time zone.

    An invoice that somebody holds at this moment is left for the next time.
    """
    zones = db.session.scalars(select(Company.time_zone).distinct()).all()
    return [invoice_id for zone in zones for invoice_id in _mark_in(zone)]


def _mark_in(zone: str) -> list[int]:
    late = db.session.scalars(
        select(Invoice)
        .join(Invoice.company)
        .where(
            Company.time_zone == zone,
            Invoice.status.in_(_FROM),
            Invoice.due_date < today_in(zone),
            Invoice.total > Invoice.paid_total,
        )
        .order_by(Invoice.id)
        .with_for_update(of=Invoice, key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    by_company = defaultdict(list)
    for invoice in late:
        move(invoice, InvoiceStatus.OVERDUE)
        history.note(invoice, "became overdue")
        by_company[invoice.company_id].append(invoice.id)
    db.session.flush()
    for company_id, ids in by_company.items():
        invoices_changed.send(company_id, ids=ids)
    db.session.commit()
    return [invoice.id for invoice in late]
