"""The main job, end to end: connect, import, push, compare with what QuickBooks holds; then the whole life of the
invoices, and compare again. See bin/demo.
"""

import argparse
import json
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import requests

from app import create_app
from app.accounts.models import User
from app.config import from_environment
from app.demo.company import open_company
from app.extensions import db
from app.lib import exact_json
from app.quickbooks.account import metering
from devtools import second_act
from devtools.ledger import Comparison, Ledger, compare
from devtools.second_act import Books
from devtools.stack import ROOT, Stack, running
from devtools.waiting import wait_until
from devtools.web_browser import WebBrowser

FILES = ("customers.csv", "invoices.csv")
OWN_DATA = ROOT / "app" / "demo" / "data"
OWNER, PASSWORD = "demo@example.com", "demonstration"
SETTINGS = "/settings/integrations/quickbooks"
PREFERENCES = f"{SETTINGS}/preferences"


@dataclass(frozen=True)
class FirstAct:
    """What the import came to in QuickBooks."""

    comparison: Comparison
    seconds: float
    calls: list[dict]
    reads: Counter[str]  # by reason, connecting included


@dataclass(frozen=True)
class SecondAct:
    """What payments, refunds, voids and reissues came to."""

    expected: Books
    found: Books
    fates: Counter[str]
    seconds: float
    behind: float  # seconds from the last step until QuickBooks had all
    reads: Counter[str]  # by reason

    @property
    def differences(self) -> list[str]:
        return second_act.differences(self.expected, self.found)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/demo", description=__doc__)
    parser.add_argument(
        "folder", nargs="?", type=Path, default=OWN_DATA, help="holds customers.csv and invoices.csv"
    )
    folder = parser.parse_args().folder
    if absent := [name for name in FILES if not (folder / name).is_file()]:
        parser.error(f"{folder} has no {' and no '.join(absent)}")
    ledger = Ledger.read(folder)
    name = "the project's own small set" if folder == OWN_DATA else folder.name
    _say(f"Data: {name}, {len(ledger.customers)} customers and {len(ledger.invoices)} invoices.")
    _check_total(folder, ledger)
    with running(("--limits",), QUICKBOOKS_WEBHOOK_TOKEN="demonstration") as stack:
        try:
            person, realm = _connect(stack)
            first = _first_act(stack, person, realm, folder, ledger)
            second = _second_act(stack, person, realm, ledger)
        except Exception:
            _say(stack.logs())
            raise
        calls = _api_calls(stack, realm)
    return _report(ledger, first, second, calls)


def _connect(stack: Stack) -> tuple[WebBrowser, str]:
    """A company and its owner, signed in, with a realm connected through the app's own pages and Intuit's."""
    with create_app(from_environment(stack.environment)).app_context():
        open_company("Demonstration Heating & Air", OWNER, PASSWORD)
    person = WebBrowser(stack.web_url)
    person.open("/sign-in").submit("password", email=OWNER, password=PASSWORD)
    _say("Signed in.")
    realm = _simulator(stack, "companies")[0]["realm"]
    person.open(f"{SETTINGS}/connect")
    person.submit("password", email="owner@example.com", password="any").submit(
        "realm", realm=realm, decision="connect"
    )
    if not person.page.url.endswith("/connected"):
        raise RuntimeError(f"QuickBooks was not connected: {person.page.url}")
    _say("Connected to QuickBooks.")
    return person, realm


def _first_act(stack: Stack, person: WebBrowser, realm: str, folder: Path, ledger: Ledger) -> FirstAct:
    started = time.monotonic()
    person.open(PREFERENCES).submit("income_account_id")
    for kind in ("customers", "invoices"):
        person.open(f"/{kind}/import").submit("file", file=folder / f"{kind}.csv").submit("Import")
        _say(f"Imported {kind}.")
    _watch(person, len(ledger.customers) + len(ledger.invoices))
    seconds = time.monotonic() - started
    comparison = compare(ledger, _simulator(stack, f"books/{realm}"))
    return FirstAct(comparison, seconds, _api_calls(stack, realm), _reads(stack, realm))


def _second_act(stack: Stack, person: WebBrowser, realm: str, ledger: Ledger) -> SecondAct:
    started, before = time.monotonic(), _reads(stack, realm)
    person.open(PREFERENCES).submit("income_account_id", sync_payments="y")
    with create_app(from_environment(stack.environment)).app_context():
        company = db.session.query(User).filter_by(email=OWNER).one().company
        expected, fates = second_act.play(company, ledger)
    played = time.monotonic()
    _say("Paid, refunded, voided, disputed and reissued.")
    _watch(person, len(expected.invoices))
    behind = time.monotonic() - played
    found = Books.of_quickbooks(_simulator(stack, f"books/{realm}"))
    seconds = time.monotonic() - started
    return SecondAct(expected, found, fates, seconds, behind, _reads(stack, realm) - before)


def _watch(person: WebBrowser, expected: int) -> None:
    """Until the queue's banner says that nothing is in progress."""

    def finished() -> bool:
        person.open(f"{SETTINGS}/queue")
        counts = {key: int(value) for key, value in re.findall(r'data-([a-z-]+)="(\d+)"', person.page.text)}
        _progress(f"{counts['synced']} in QuickBooks, {counts['in-progress']} to go")
        stopped = counts["errors"] + counts["backoff"]
        return counts["in-progress"] == 0 and counts["synced"] + stopped >= expected

    wait_until(finished, "the queue is empty", seconds=900, every=0.5)
    if sys.stderr.isatty():
        print(file=sys.stderr)


def _report(ledger: Ledger, first: FirstAct, second: SecondAct, calls: list[dict]) -> int:
    """Two tables and, as the last line, the same as JSON; 0 when everything ties."""
    there = first.comparison
    _table(
        ("Customers", len(ledger.customers), there.customers_there),
        ("Invoices", len(ledger.invoices), there.invoices_there),
        ("Total", f"${ledger.total:,.2f}", f"${there.total_there:,.2f}"),
    )
    _print_cost(first.calls, first.reads)
    here, sums = second.expected.sums(), second.found.sums()
    fates = ", ".join(f"{count} {fate}" for fate, count in second.fates.items())
    print(f"\nAnd after their whole life ({fates}):")
    _table(
        ("Invoices", len(second.expected.invoices), len(second.found.invoices)),
        *((name.capitalize(), f"${here[name]:,.2f}", f"${sums[name]:,.2f}") for name in here),
    )
    _print_cost(calls[len(first.calls) :], second.reads)
    print(f"QuickBooks had all {second.behind:.1f} s after the last step.")
    problems = there.missing + there.duplicates + there.mismatches + second.differences
    for what in problems[:20]:
        print(f"  {what}")
    ties = not problems and ledger.total == there.total_there
    print("Everything ties." if ties else "IT DOES NOT TIE.")
    print(json.dumps(_summary(ledger, first, second, calls)))
    return 0 if ties else 1


def _summary(ledger: Ledger, first: FirstAct, second: SecondAct, calls: list[dict]) -> dict:
    there = first.comparison
    return {
        "customers": {"local": len(ledger.customers), "quickbooks": there.customers_there},
        "invoices": {"local": len(ledger.invoices), "quickbooks": there.invoices_there},
        "total": {"local": str(ledger.total), "quickbooks": str(there.total_there)},
        "missing": len(there.missing),
        "duplicates": len(there.duplicates),
        "mismatched": len(there.mismatches),
        **_cost(first.seconds, first.calls, first.reads),
        "second_act": {
            "local": {name: str(amount) for name, amount in second.expected.sums().items()},
            "quickbooks": {name: str(amount) for name, amount in second.found.sums().items()},
            "invoices": {"local": len(second.expected.invoices), "quickbooks": len(second.found.invoices)},
            "differences": len(second.differences),
            "seconds_behind": round(second.behind, 1),
            **_cost(second.seconds, calls[len(first.calls) :], second.reads),
        },
    }


def _cost(seconds: float, calls: list[dict], reads: Counter[str]) -> dict:
    return {
        "seconds": round(seconds, 1),
        "api_requests": len(calls),
        "reads": dict(reads.most_common()),
        "write_requests": len(calls) - sum(_is_read(call) for call in calls),
        "throttled": sum(call["status"] == 429 for call in calls),
    }


def _print_cost(calls: list[dict], reads: Counter[str]) -> None:
    of = ", ".join(f"{times} {reason}" for reason, times in reads.most_common())
    writes = sum(not _is_read(call) for call in calls)
    print(f"It took {reads.total()} reads ({of or 'none'}) and {writes} requests that write.")


def _table(*rows: tuple[str, object, object]) -> None:
    for name, here, there in (("", "FSM Navigator", "QuickBooks"), *rows):
        print(f"{name:<12}{here:>18}{there:>18}")


def _check_total(folder: Path, ledger: Ledger) -> None:
    """The data's own statement of its sum, where it has one."""
    stated = folder / "total.txt"
    if stated.exists() and Decimal(stated.read_text().strip()) != ledger.total:
        raise SystemExit(f"{stated.name} says {stated.read_text().strip()}, the lines say {ledger.total}.")


def _reads(stack: Stack, realm: str) -> Counter[str]:
    """By reason, as the product counts them."""
    with create_app(from_environment(stack.environment)).app_context():
        return Counter(metering.by_reason(realm, metering.month()))


def _is_read(call: dict) -> bool:
    return metering.is_read(call["method"], call["path"].partition("?")[0].rpartition("/")[2])


def _api_calls(stack: Stack, realm: str) -> list[dict]:
    calls = _simulator(stack, f"calls?realm={realm}")
    return [call for call in calls if "/v3/company/" in call["path"]]


def _simulator(stack: Stack, path: str) -> Any:
    answer = requests.get(f"{stack.simulator_url}/_simulator/{path}", timeout=60)
    answer.raise_for_status()
    return exact_json.loads(answer.content)


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _progress(text: str) -> None:
    print(
        f"\r{text:<60}" if sys.stderr.isatty() else text,
        end="" if sys.stderr.isatty() else "\n",
        file=sys.stderr,
    )


if __name__ == "__main__":
    sys.exit(main())
