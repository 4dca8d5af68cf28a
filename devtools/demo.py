"""The main job, end to end: connect, import, push, compare with what QuickBooks holds. See bin/demo."""

import argparse
import json
import re
import sys
import time
from decimal import Decimal
from pathlib import Path

import requests

from app.lib import exact_json
from devtools.ledger import Comparison, Ledger, compare
from devtools.stack import ROOT, Stack, running
from devtools.waiting import wait_until
from devtools.web_browser import WebBrowser

FILES = ("customers.csv", "invoices.csv")
OWN_DATA = ROOT / "app" / "demo" / "data"
OWNER, PASSWORD = "demo@example.com", "demonstration"
SETTINGS = "/settings/integrations/quickbooks"


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
    with running(("--limits",)) as stack:
        started = time.monotonic()
        try:
            realm = _run(stack, folder, ledger)
        except Exception:
            _say(stack.logs())
            raise
        seconds = time.monotonic() - started
        comparison = compare(ledger, _simulator(stack, f"books/{realm}"))
        return _report(ledger, comparison, seconds, _simulator(stack, f"calls?realm={realm}"))


def _run(stack: Stack, folder: Path, ledger: Ledger) -> str:
    """Through the app's own pages and Intuit's; returns the realm."""
    stack.environment["DEMO_PASSWORD"] = PASSWORD
    _make_company(stack)
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
    person.open(SETTINGS).submit("income_account_id")
    for kind in ("customers", "invoices"):
        person.open(f"/{kind}/import").submit("file", file=folder / f"{kind}.csv").submit("Import")
        _say(f"Imported {kind}.")
    _watch(person, len(ledger.customers) + len(ledger.invoices))
    return realm


def _make_company(stack: Stack) -> None:
    from app import create_app
    from app.config import from_environment
    from app.demo.company import open_company

    with create_app(from_environment(stack.environment)).app_context():
        open_company("Demonstration Heating & Air", OWNER, PASSWORD)


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


def _report(ledger: Ledger, comparison: Comparison, seconds: float, calls: list[dict]) -> int:
    """The table and, as the last line, the same as JSON; 0 when everything ties."""
    rows = (
        ("", "FSM Navigator", "QuickBooks"),
        ("Customers", len(ledger.customers), comparison.customers_there),
        ("Invoices", len(ledger.invoices), comparison.invoices_there),
        ("Total", f"${ledger.total:,.2f}", f"${comparison.total_there:,.2f}"),
    )
    for name, here, there in rows:
        print(f"{name:<12}{here:>18}{there:>18}")
    for what in (comparison.missing + comparison.duplicates + comparison.mismatches)[:20]:
        print(f"  {what}")
    api = [call for call in calls if "/v3/company/" in call["path"]]
    summary = {
        "customers": {"local": len(ledger.customers), "quickbooks": comparison.customers_there},
        "invoices": {"local": len(ledger.invoices), "quickbooks": comparison.invoices_there},
        "total": {"local": str(ledger.total), "quickbooks": str(comparison.total_there)},
        "missing": len(comparison.missing),
        "duplicates": len(comparison.duplicates),
        "mismatched": len(comparison.mismatches),
        "seconds": round(seconds, 1),
        "api_requests": len(api),
        "throttled": sum(call["status"] == 429 for call in api),
    }
    ties = comparison.ties and ledger.total == comparison.total_there
    print("Everything ties." if ties else "IT DOES NOT TIE.")
    print(json.dumps(summary))
    return 0 if ties else 1


def _check_total(folder: Path, ledger: Ledger) -> None:
    """The data's own statement of its sum, where it has one."""
    stated = folder / "total.txt"
    if stated.exists() and Decimal(stated.read_text().strip()) != ledger.total:
        raise SystemExit(f"{stated.name} says {stated.read_text().strip()}, the lines say {ledger.total}.")


def _simulator(stack: Stack, path: str) -> list | dict:
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
