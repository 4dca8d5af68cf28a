"""What a company costs of the month's reads (contract section 3.1), each beside its target: a first sync, the list
of what is there, an edit, a void, a payment, an idle month, and one with 50 new invoices a day, one at a time.

The lane runs in this process and counts its own reads. The stand-in counts them too, keeps Intuit's limits, and
tells a web process of every change. A month is reckoned from what one day costs.

Run: python -m bench.reads [--customers N] [--invoices N]
"""

import argparse
import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from itertools import count

from app.customers.models import Customer
from app.extensions import db, now
from app.invoices import lifecycle
from app.invoices.events import invoices_changed
from app.invoices.models import Invoice, PaymentMethod
from app.invoices.payments import PaymentData, record_payment
from app.quickbooks import outbox
from app.quickbooks.account import metering
from app.quickbooks.checks import daily
from app.quickbooks.lane import draining, listing
from app.quickbooks.models import Connection, RecordKind
from bench.scene import connected, control, invoice_of, scene
from devtools.stack import Stack
from devtools.waiting import wait_until

DAYS, WORKING_DAYS, A_DAY = 30, 22, 50
_places = count()


@dataclass(frozen=True)
class Cost:
    what: str
    reads: int
    target: int

    @property
    def is_met(self) -> bool:
        return self.reads <= self.target


@dataclass(frozen=True)
class Result:
    """`reasons` are our own count of all that was read, `stand_in` is QuickBooks'."""

    costs: list[Cost]
    reasons: dict[str, int]
    stand_in: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1000)
    parser.add_argument("--invoices", type=int, default=1000)
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    with scene(0, 0, webhooks=True) as stack:
        result = measured(stack, options.customers, options.invoices)
    for cost in result.costs:
        print(f"{cost.what}: {cost.reads} reads, target {cost.target}{'' if cost.is_met else ' (missed)'}")
    print(json.dumps(asdict(result)))
    raise SystemExit(sum(result.reasons.values()) != result.stand_in)


def measured(stack: Stack, customers: int, invoices: int, a_day: int = A_DAY) -> Result:
    realm = control(stack, "POST", "companies", name="Harbor Reads")["realm"]
    costs = _costs(stack, connected(stack, realm, customers, invoices), a_day)
    reasons = metering.by_reason(realm, metering.month())
    return Result(costs, reasons, control(stack, "GET", "usage")["reads_by_realm"][realm])


def _costs(stack: Stack, connection: Connection, a_day: int) -> list[Cost]:
    """`connection` is connected, and nothing of it is sent yet."""
    connecting = metering.of_realm(connection.realm_id)
    bills = db.session.query(Invoice).order_by(Invoice.id).limit(5).all()
    first = _reads(connection, lambda: None)
    connection.preferences.sync_payments = True
    connection.preferences.deposit_account_id = connection.facts["deposit_accounts"][0]["id"]
    db.session.commit()
    person = bills[3].customer
    _until_told(stack)
    listed = _reads(connection, lambda: (_new_bill(connection, person), _pay(bills[3])))
    _until_told(stack)
    listed += _reads(connection, lambda: _pay(bills[4]))
    _until_told(stack)
    edit = _reads(connection, lambda: _edit(bills[0]))
    void = _reads(connection, lambda: lifecycle.void(bills[1]))
    paid = _reads(connection, lambda: _pay(bills[2]))
    connection.checked_until = now() + daily.OVERLAP  # a day later, when nothing has changed since
    check = _reads(connection, lambda: daily.check(connection.id))
    connection.known_until, connection.known_fresh_until = now() + listing.OVERLAP, now()
    day = [_reads(connection, lambda: _new_bill(connection, person)) for _ in range(a_day)]
    facts = round(DAYS / draining.FACTS_LAST.days * connecting)
    idle = DAYS * check
    month = idle + facts
    return [
        Cost("first sync, connecting included", connecting + first, 40),
        Cost("list of what is there, once", listed, 10),
        Cost("edit of an invoice", edit, 0),
        Cost("void of an invoice", void, 0),
        Cost("payment", paid, 0),
        Cost("idle month", idle, 40),
        Cost(f"month of {a_day} invoices a day, each sent at once", month + WORKING_DAYS * sum(day), 100),
    ]


def _until_told(stack: Stack) -> None:
    """Every webhook so far has been answered."""
    wait_until(lambda: not control(stack, "GET", "webhooks")["open"], "all is told", seconds=60, every=0.2)


def _reads(connection: Connection, work: Callable[[], object]) -> int:
    """What it costs to do this and to send what it brought."""
    before = metering.of_realm(connection.realm_id)
    work()
    db.session.commit()
    draining.drain(connection.id, go_on=lambda: True)
    db.session.rollback()
    return metering.of_realm(connection.realm_id) - before


def _edit(bill: Invoice) -> None:
    bill.notes = "Leave the key at the desk."
    db.session.flush()
    invoices_changed.send(bill.company_id, ids=[bill.id])


def _pay(bill: Invoice) -> None:
    lifecycle.mark_sent(bill)
    record_payment(bill, PaymentData(Decimal(10), PaymentMethod.CHECK, date(2026, 3, 3), "1042"))


def _new_bill(connection: Connection, of: Customer) -> None:
    bill = invoice_of(of, 900_000 + next(_places))
    db.session.add(bill)
    db.session.flush()
    outbox.queue(connection.id, RecordKind.INVOICE, [bill.id])


if __name__ == "__main__":
    main()
