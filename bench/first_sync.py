"""How fast a first sync goes, and what it costs: rows a minute, throttled requests, reads, statements and CPU.

The lane runs in this process, so that its statements and its CPU can be counted; PostgreSQL, Redis and the stand-in
are processes of their own, and the stand-in keeps Intuit's limits.

Run: python -m bench.first_sync [--customers N] [--invoices N] [--latency MS] [--item-latency MS] [--loops]
"""

import argparse
import json
import logging
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from flask import current_app

from app.extensions import db
from app.lib.garbage import leave_the_code_out
from app.quickbooks.api import oauth
from app.quickbooks.lane import draining
from app.quickbooks.models import SyncTask, TaskState
from bench.measuring import statements
from bench.scene import connected, control, scene
from devtools.stack import Stack

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
        leave_the_code_out()  # as the worker does
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


def first_sync(stack: Stack, customers: int, invoices: int) -> Result:
    """Everything a company has, sent by its lane at one go. Commits."""
    realm = control(stack, "POST", "companies", name="Harbor Bench")["realm"]
    connection_id = connected(stack, realm, customers, invoices).id
    since = len(_calls(stack, realm))
    with statements() as issued:
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
        statements=round(len(issued) / rows, 2),
        cpu_ms=round(cpu * 1000 / rows, 1),
        synced=db.session.query(SyncTask).filter_by(state=TaskState.SYNCED).count(),
    )


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


if __name__ == "__main__":
    main()
