"""Records of the tests, built through the models: a connected company, customers, invoices."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from app.accounts.models import Company
from app.customers.events import customers_changed
from app.customers.models import Customer, ServiceLocation
from app.extensions import db, now, secrets_box
from app.invoices import events
from app.invoices.events import payments_changed, refunds_changed
from app.invoices.models import Invoice, InvoiceLine, InvoiceStatus, Payment, PaymentMethod, Refund
from app.invoices.payments import PaymentData, record_payment
from app.invoices.refunds import RefundData, record_refund
from app.invoices.totals import recalculate
from app.quickbooks.models import (
    Connection,
    ConnectionState,
    Preferences,
    RecordKind,
    RemoteLink,
    SyncTask,
    TaskState,
)
from app.quickbooks.models.differences import Aspect, Difference
from app.quickbooks.models.memory import Memory

_numbers = count(1)
REALM = "9130350000000001"


def connected(company: Company, realm: str = REALM, **changes) -> Connection:
    """A live connection as connecting leaves it, without asking anybody."""
    connection = Connection(
        company_id=company.id,
        realm_id=realm,
        environment="sandbox",
        state=ConnectionState.CONNECTED,
        remote_name="Sandbox Company",
        facts={},
        facts_read_at=now(),
        access_token=secrets_box().seal("access-1"),
        refresh_token=secrets_box().seal("refresh-1"),
        access_expires_at=now() + timedelta(hours=1),
        refresh_expires_at=now() + timedelta(days=100),
        preferences=Preferences(sync_customers=True, sync_invoices=True, income_account_id="79"),
    )
    for name, value in changes.items():
        setattr(connection, name, value)
    db.session.add(connection)
    db.session.commit()
    return connection


def customer(company: Company, name: str = "", state: str = "ME", **fields) -> Customer:
    """Created as the customers room does: announced, then committed."""
    record = Customer(company_id=company.id, name=name or f"Customer {next(_numbers)}", **fields)
    record.locations = [
        ServiceLocation(
            street="12 Harbor St", city="Portland", state=state, postal_code="04101", is_primary=True
        )
    ]
    db.session.add(record)
    db.session.flush()
    customers_changed.send(company.id, ids=[record.id])
    db.session.commit()
    return record


def invoice(
    of: Customer,
    number: str = "",
    status: InvoiceStatus = InvoiceStatus.GENERATED,
    lines: tuple[tuple[str, str, str], ...] = (("Service call", "1", "100.00"),),
    announce: bool = True,
    **fields,
) -> Invoice:
    record = Invoice(
        company_id=of.company_id,
        customer_id=of.id,
        number=number or f"INV-2026-{next(_numbers):04}",
        status=status,
        issue_date=fields.pop("issue_date", date(2026, 3, 2)),
        due_date=date(2026, 4, 1),
        generated_at=None if status is InvoiceStatus.DRAFT else now(),
        lines=[
            InvoiceLine(position=place, item=item, quantity=Decimal(quantity), unit_price=Decimal(price))
            for place, (item, quantity, price) in enumerate(lines, 1)
        ],
        **fields,
    )
    for line in record.lines:
        line.discount_percent = line.discount_percent or Decimal(0)
    record.discount_kind = record.discount_kind or "none"
    record.discount_value = record.discount_value or Decimal(0)
    record.tax_rate = record.tax_rate or Decimal(0)
    recalculate(record)
    db.session.add(record)
    db.session.flush()
    if announce:
        events.announce(of.company_id, [record])
    db.session.commit()
    return record


def sent_invoice(of: Customer, **fields) -> Invoice:
    """Sent to its customer, so that it takes payments."""
    return invoice(of, **{"status": InvoiceStatus.SENT} | fields)


def payment(of: Invoice, amount: str, **fields) -> Payment:
    """Recorded as the Owner does."""
    data = {"method": PaymentMethod.CHECK, "received_on": of.issue_date, "reference": "1042"} | fields
    record = record_payment(of, PaymentData(Decimal(amount), **data))
    db.session.commit()
    return record


def refund(of: Invoice, amount: str, reason: str = "Came too late") -> Refund:
    record = record_refund(of, RefundData(Decimal(amount), PaymentMethod.CARD, of.issue_date, reason))
    db.session.commit()
    return record


def edit_customer(record: Customer, **changes) -> None:
    for name, value in changes.items():
        setattr(record, name, value)
    db.session.flush()
    customers_changed.send(record.company_id, ids=[record.id])
    db.session.commit()


def edit_invoice(record: Invoice, **changes) -> None:
    for name, value in changes.items():
        setattr(record, name, value)
    events.announce(record.company_id, [record])
    db.session.commit()


def edit_payment(record: Payment, **changes) -> None:
    for name, value in changes.items():
        setattr(record, name, value)
    db.session.flush()
    payments_changed.send(record.company_id, ids=[record.id])
    db.session.commit()


def edit_refund(record: Refund, **changes) -> None:
    for name, value in changes.items():
        setattr(record, name, value)
    db.session.flush()
    refunds_changed.send(record.company_id, ids=[record.id])
    db.session.commit()


def task_of(connection: Connection, record: Customer | Invoice | Payment | Refund) -> SyncTask | None:
    kind = RecordKind(type(record).__name__.lower())
    return (
        db.session.query(SyncTask)
        .filter_by(connection_id=connection.id, kind=kind, record_id=record.id)
        .one_or_none()
    )


def put_in(task: SyncTask, state: TaskState, **changes) -> SyncTask:
    """Set a row's state directly: the scene of a test, not a move."""
    task.state = state
    for name, value in changes.items():
        setattr(task, name, value)
    db.session.commit()
    return task


def link(connection: Connection, record: Customer | Invoice | Payment | Refund, **seen) -> RemoteLink:
    """The record is in QuickBooks, which last showed what is `seen`; nothing of ours was written there."""
    made = RemoteLink(
        connection_id=connection.id,
        kind=RecordKind(type(record).__name__.lower()),
        record_id=record.id,
        remote_id=str(record.id),
        sync_token="0",
        memory=Memory(seen=seen),
    )
    db.session.add(made)
    db.session.commit()
    return made


def differences(*texts: str) -> list[Difference]:
    """What somebody leaves so, of which these words are all there is."""
    return [Difference(Aspect.OTHER, text) for text in texts]
