"""Where the lane is measured: the servers it needs, and a company whose first sync is about to begin."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import requests
from flask import current_app

from app import create_app
from app.accounts.models import Company, Plan
from app.config import from_environment
from app.customers.models import Customer, ServiceLocation
from app.extensions import db
from app.invoices.models import DiscountKind, Invoice, InvoiceLine, InvoiceStatus
from app.invoices.totals import recalculate
from app.lib.money import ZERO
from app.quickbooks import orders, outbox
from app.quickbooks.api import oauth
from app.quickbooks.models import Connection, RecordKind
from app.quickbooks.outbox import catching_up
from devtools.servers import postgres, redis_server
from devtools.stack import Stack, bare, migrate
from devtools.waiting import wait_until


@contextmanager
def scene(latency_ms: float, item_latency_ms: float, webhooks: bool = False) -> Iterator[Stack]:
    """PostgreSQL, Redis and the stand-in, which keeps its limits; an app context to work in. With `webhooks` a web
    process too, which the stand-in tells of every change.
    """
    with tempfile.TemporaryDirectory(prefix="fsm-bench-") as name:
        folder = Path(name)
        with postgres(folder / "postgres") as database, redis_server(folder / "redis") as redis:
            told = {"QUICKBOOKS_WEBHOOK_TOKEN": "verifier"} if webhooks else {}
            stack = bare(folder, database, redis, **told)
            migrate(stack)
            stack.start_simulator("--limits", "--latency", str(latency_ms))
            if webhooks:
                stack.start_web()
            try:
                wait_until(lambda: _answers(stack), "the stand-in answers", seconds=30, every=0.1)
                control(stack, "POST", "settings", item_latency_ms=item_latency_ms)
                os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # the stand-in speaks plain http on loopback
                with create_app(from_environment(stack.environment)).app_context():
                    yield stack
            finally:
                stack.stop()


def control(stack: Stack, method: str, path: str, **sent: Any) -> Any:
    answer = requests.request(method, f"{stack.simulator_url}/_simulator/{path}", json=sent, timeout=60)
    answer.raise_for_status()
    return answer.json()


def connected(stack: Stack, realm: str, customers: int, invoices: int) -> Connection:
    """A company with its records, whose first sync is about to begin."""
    company = Company(name="Harbor Bench", plan=Plan.PRO)
    db.session.add(company)
    db.session.flush()
    people = [_customer(company.id, place) for place in range(customers)]
    db.session.add_all(people)
    db.session.flush()
    bills = [invoice_of(people[place % customers], place) for place in range(invoices)]
    db.session.add_all(bills)
    db.session.commit()
    code = control(stack, "POST", f"companies/{realm}/consent")["code"]
    settings = oauth.OAuthSettings.from_config(current_app.config)
    connection = orders.connect(company.id, realm, oauth.exchange_code(settings, code))
    db.session.refresh(connection)
    catching_up.catch_up(connection)
    outbox.queue(connection.id, RecordKind.INVOICE, [bill.id for bill in bills])
    db.session.commit()
    return connection


def _customer(company_id: int, place: int) -> Customer:
    home = ServiceLocation(
        street=f"{place} Harbor St", city="Portland", state="ME", postal_code="04101", is_primary=True
    )
    return Customer(
        company_id=company_id, name=f"Customer {place:05}", email=f"c{place}@example.com", locations=[home]
    )


def invoice_of(of: Customer, place: int) -> Invoice:
    invoice = Invoice(
        company_id=of.company_id,
        customer_id=of.id,
        number=f"B-{place:06}",
        status=InvoiceStatus.GENERATED,
        issue_date=date(2026, 3, 2),
        due_date=date(2026, 4, 1),
        discount_kind=DiscountKind.NONE,
        discount_value=ZERO,
        tax_rate=ZERO,
        lines=[_line(1, "Service call", Decimal("95.00")), _line(2, "Filter", Decimal("12.50"))],
    )
    recalculate(invoice)
    return invoice


def _line(position: int, item: str, price: Decimal) -> InvoiceLine:
    return InvoiceLine(
        position=position, item=item, quantity=Decimal(position), unit_price=price, discount_percent=ZERO
    )


def _answers(stack: Stack) -> bool:
    try:
        return requests.get(f"{stack.simulator_url}/_simulator/companies", timeout=2).ok
    except requests.RequestException:
        return False
