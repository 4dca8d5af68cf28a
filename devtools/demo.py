"""The main job, end to end: connect, import, push, compare with what QuickBooks holds; then the whole life of the
invoices, and compare again. See bin/demo.
"""

import argparse
import re
import sys
import time
from collections import Counter
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
from devtools.demo_report import FirstAct, SecondAct, report
from devtools.ledger import Ledger, compare
from devtools.second_act import Books
from devtools.stack import ROOT, Stack, running
from devtools.waiting import wait_until
from devtools.web_browser import WebBrowser

FILES = ("customers.csv", "invoices.csv")
OWN_DATA = ROOT / "app" / "demo" / "data"
OWNER, PASSWORD = "demo@example.com", "demonstration"
SETTINGS = "/settings/integrations/quickbooks"
PREFERENCES = f"{SETTINGS}/preferences"


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
    return report(ledger, first, second, calls)


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
        preview = person.open(f"/{kind}/import").submit("file", file=folder / f"{kind}.csv")
        preview.submit("Import", same_names="yes")  # the folder's customers are those that are meant
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


def _check_total(folder: Path, ledger: Ledger) -> None:
    """The data's own statement of its sum, where it has one."""
    stated = folder / "total.txt"
    if stated.exists() and Decimal(stated.read_text().strip()) != ledger.total:
        raise SystemExit(f"{stated.name} says {stated.read_text().strip()}, the lines say {ledger.total}.")


def _reads(stack: Stack, realm: str) -> Counter[str]:
    """By reason, as the product counts them."""
    with create_app(from_environment(stack.environment)).app_context():
        return Counter(metering.by_reason(realm, metering.month()))


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
