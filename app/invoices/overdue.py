"""The clock's own step: past its due date and not paid, an invoice is Overdue, by the day of its company."""

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from app.accounts.models import Company
from app.extensions import db
from app.invoices import history
from app.invoices.dates import today_in
from app.invoices.lifecycle import move
from app.invoices.models import Invoice, InvoiceStatus
from app.invoices.statuses import ALLOWED

_FROM = [status for status, nexts in ALLOWED.items() if InvoiceStatus.OVERDUE in nexts]


AT_ONCE = 100  # invoices in one transaction, so that neither locks nor memory grow with what is late


def mark_overdue(at_once: int = AT_ONCE) -> int:
    """Every company's; returns how many invoices. Commits after each `at_once`.

    An invoice that somebody holds at this moment is left for the next time.
    """
    zones = db.session.scalars(select(Company.time_zone).distinct()).all()
    return sum(_mark_in(zone, at_once) for zone in zones)


def _mark_in(zone: str, at_once: int) -> int:
    count, last_id = 0, 0
    while ids := _mark_some(zone, last_id, at_once):
        count, last_id = count + len(ids), ids[-1]
    return count


def _mark_some(zone: str, after_id: int, at_once: int) -> list[int]:
    """The next ones by their ids, which it returns."""
    late = db.session.scalars(
        select(Invoice)
        .join(Invoice.company)
        .where(
            Company.time_zone == zone,
            Invoice.id > after_id,
            Invoice.status.in_(_FROM),
            Invoice.due_date < today_in(zone),
            Invoice.total > Invoice.paid_total,
        )
        .order_by(Invoice.id)
        .limit(at_once)
        .with_for_update(of=Invoice, key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for invoice in late:
        move(invoice, InvoiceStatus.OVERDUE)
        flag_modified(invoice, "updated_at")  # written as it is: nobody changed what it says
        history.note(invoice, "became overdue")
    ids = [invoice.id for invoice in late]
    db.session.commit()
    return ids
