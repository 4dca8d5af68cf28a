"""How fast a first sync goes, and what it costs: rows a minute, throttled requests, reads, statements and CPU.

The lane runs in this process, so that its statements and its CPU can be counted; PostgreSQL, Redis and the stand-in
are processes of their own, and the stand-in keeps Intuit's limits.

Run: python -m bench.first_sync [--customers N] [--invoices N] [--latency MS] [--item-latency MS] [--loops]
"""

import argparse
import json
import logging
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from flask import current_app
from sqlalchemy import event

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
from app.quickbooks.lane import draining
from app.quickbooks.models import Connection, RecordKind, SyncTask, TaskState
from app.quickbooks.outbox import backlog
from devtools.servers import postgres, redis_server
from devtools.stack import Stack, bare, migrate
from devtools.waiting import wait_until

PER_BATCH = 30


@dataclass(frozen=True)
class Result:
    """Of one first sync. `reads` are per 1,000 new records, `cpu_ms` and `statements` per row."""

    rows: int
    seconds: float
    rows_a_minute: int
    batches: int
    single_requests: int
    reads: float
    throttled: int
    statements: float
    cpu_ms: float
    synced: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=600)
    parser.add_argument("--invoices", type=int, default=2400)
    parser.add_argument("--latency", type=float, default=300, help="milliseconds of every request")
    parser.add_argument("--item-latency", type=float, default=90, help="milliseconds more of each batch item")
    parser.add_argument("--loops", action="store_true", help="compare with simple loops of batches")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    with scene(options.latency, options.item_latency) as stack:
        result = first_sync(stack, options.customers, options.invoices)
        ratios = {}
        if options.loops:
            sequential, parallel = loop(stack, 1, batches=30), loop(stack, 4, batches=60)
            ratios = {
                "sequential_batches": sequential,
                "times_sequential": round(result.rows_a_minute / sequential, 2),
                "four_at_once": parallel,
                "times_four_at_once": round(result.rows_a_minute / parallel, 2),
            }
    print(
        f"first sync of {result.rows} rows: {result.rows_a_minute} rows a minute, {result.throttled} throttled, "
        f"{result.reads} reads per 1,000, {result.statements} statements and {result.cpu_ms} ms of CPU a row"
    )
    print(json.dumps(asdict(result) | ratios))
    raise SystemExit(result.synced != result.rows)


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


def first_sync(stack: Stack, customers: int, invoices: int) -> Result:
    """Everything a company has, sent by its lane at one go. Commits."""
    realm = control(stack, "POST", "companies", name="Harbor Bench")["realm"]
    connection_id = connected(stack, realm, customers, invoices).id
    since = len(_calls(stack, realm))
    with counting_statements() as statements:
        started, cpu = time.monotonic(), time.process_time()
        draining.drain(connection_id, go_on=lambda: True)
        seconds, cpu = time.monotonic() - started, time.process_time() - cpu
    db.session.rollback()
    calls, rows = _calls(stack, realm)[since:], db.session.query(SyncTask).count()
    kinds = Counter(_kind(call) for call in calls)
    return Result(
        rows=rows,
        seconds=round(seconds, 1),
        rows_a_minute=round(rows * 60 / seconds),
        batches=kinds["batch"],
        single_requests=kinds["write"],
        reads=round(kinds["read"] * 1000 / rows, 1),
        throttled=sum(call["status"] == 429 for call in calls),
        statements=round(len(statements) / rows, 2),
        cpu_ms=round(cpu * 1000 / rows, 1),
        synced=db.session.query(SyncTask).filter_by(state=TaskState.SYNCED).count(),
    )


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
    backlog.catch_up(connection)
    outbox.queue(connection.id, RecordKind.INVOICE, [bill.id for bill in bills])
    db.session.commit()
    return connection


def loop(stack: Stack, at_once: int, batches: int) -> int:
    """Rows a minute of a simple program: so many batches of 30 at once, a minute's pause when throttled."""
    realm = control(stack, "POST", "companies", name=f"Harbor Loop {at_once}")["realm"]
    code = control(stack, "POST", f"companies/{realm}/consent")["code"]
    token = oauth.exchange_code(oauth.OAuthSettings.from_config(current_app.config), code).access_token
    address = f"{stack.simulator_url}/v3/company/{realm}/batch"

    def send(place: int) -> None:
        names = (f"Loop {place}-{item}" for item in range(PER_BATCH))
        items = [{"bId": name, "operation": "create", "Customer": {"DisplayName": name}} for name in names]
        while True:
            answer = requests.post(
                address,
                params={"requestid": f"loop-{at_once}-{place}", "minorversion": "75"},
                json={"BatchItemRequest": items},
                headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
                timeout=60,
            )
            if answer.status_code != requests.codes.too_many_requests:
                answer.raise_for_status()
                return
            time.sleep(60)  # Intuit's advice (contract section 3.2)

    started = time.monotonic()
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(send, range(batches)))
    return round(batches * PER_BATCH * 60 / (time.monotonic() - started))


@contextmanager
def counting_statements() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


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


def control(stack: Stack, method: str, path: str, **sent: Any) -> Any:
    answer = requests.request(method, f"{stack.simulator_url}/_simulator/{path}", json=sent, timeout=60)
    answer.raise_for_status()
    return answer.json()


def _calls(stack: Stack, realm: str) -> list[dict[str, Any]]:
    return [
        call
        for call in control(stack, "GET", f"calls?realm={realm}")
        if f"/v3/company/{realm}/" in call["path"]
    ]


def _kind(call: dict[str, Any]) -> str:
    """read, write or batch"""
    what = urlsplit(call["path"]).path.rpartition("/")[2]
    return "read" if call["method"] == "GET" or what == "query" else "batch" if what == "batch" else "write"


def _answers(stack: Stack) -> bool:
    try:
        return requests.get(f"{stack.simulator_url}/_simulator/companies", timeout=2).ok
    except requests.RequestException:
        return False


if __name__ == "__main__":
    main()
