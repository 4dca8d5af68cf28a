"""What a rehearsal of a whole backlog costs: seconds, reads and statements; and whether it tells of every row.

It runs in this process, as a worker's job would. Nothing is sent.

Run: python -m bench.rehearsal [--customers N] [--invoices N] [--latency MS]
"""

import argparse
import logging
import time
from dataclasses import asdict, dataclass

from app.extensions import db
from app.quickbooks import orders
from app.quickbooks.account import metering
from app.quickbooks.models.runs import RunState
from app.quickbooks.rehearsal import runs
from app.quickbooks.rehearsal.models import Fate, RehearsalLine
from bench.measuring import report, statements
from bench.scene import connected, control, scene
from devtools.stack import Stack

READS = 40  # of a first sync of 1,000 customers with 1,000 invoices


@dataclass(frozen=True)
class Result:
    """`statements` are per row, `writes` what reached QuickBooks."""

    rows: int
    told: int
    would_go: int
    seconds: float
    reads: int
    statements: float
    writes: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1000)
    parser.add_argument("--invoices", type=int, default=5000)
    parser.add_argument("--latency", type=float, default=0, help="milliseconds of every request")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    with scene(options.latency, 0) as stack:
        result = measured(stack, options.customers, options.invoices)
    report(
        f"| rehearsal of {result.rows:,} rows | {result.seconds} s, {result.reads} reads, {result.statements} "
        f"statements a row; {result.told:,} told, {result.writes} written there | ≤ {READS} reads |",
        asdict(result),
    )
    raise SystemExit(result.told != result.rows or result.writes > 0 or result.reads > READS)


def measured(stack: Stack, customers: int, invoices: int) -> Result:
    realm = control(stack, "POST", "companies", name="Harbor Rehearsal")["realm"]
    connection = connected(stack, realm, customers, invoices)
    orders.hold(connection, "Olivia")
    db.session.commit()
    before = metering.of_realm(realm)
    run = runs.start(connection)
    with statements() as issued:
        started = time.monotonic()
        runs.run(run.id)
        seconds = time.monotonic() - started
    db.session.expire_all()
    if run.state is not RunState.DONE:
        raise RuntimeError(run.message)
    told = db.session.query(RehearsalLine).filter_by(rehearsal_id=run.id)
    return Result(
        rows=customers + invoices,
        told=told.count(),
        would_go=told.filter_by(fate=Fate.GOES).count(),
        seconds=round(seconds, 1),
        reads=metering.of_realm(realm) - before,
        statements=round(len(issued) / (customers + invoices), 2),
        writes=sum(map(_is_write, control(stack, "GET", f"calls?realm={realm}"))),
    )


def _is_write(call: dict) -> bool:
    return call["method"] == "POST" and "/query" not in call["path"] and "/v3/" in call["path"]


if __name__ == "__main__":
    main()
