"""Whether the simulator is ever a bottleneck: batch items a second, and what calls cost when its books are full.

Run: python -m bench.simulator [--batches N] [--invoices N]
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import requests

from tests.realms import US
from tests.simulator.connected import Connected, connect, line
from tests.simulator_process import SimulatorProcess

ITEMS = 30
LINES = 3
INVOICES_OF_A_CUSTOMER = 10
CALLS = 200  # of each kind, for its cost: a clock tick is 10 ms
SMALL = 1000
REQUIRED_PER_SECOND = 300
MOST_TIMES = 3  # what a call may cost in full books, against small ones
TICK = 1000 / os.sysconf("SC_CLK_TCK")  # milliseconds of CPU

Costs = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batches", type=int, default=60, help="for the rate")
    parser.add_argument("--invoices", type=int, default=50_000, help="in full books")
    options = parser.parse_args()
    is_fast = _rate(options.batches)
    with tempfile.TemporaryDirectory() as folder:
        is_steady = _full(options.invoices, Path(folder) / "state.json")
    raise SystemExit(not (is_fast and is_steady))


def _rate(batches: int) -> bool:
    with SimulatorProcess() as simulator:
        us = connect(simulator, US)
        customers = _timed(us, "customers", batches, _customer)
        invoices = _timed(us, "invoices", batches, _invoice)
    slower = min(customers, invoices)
    print(f"{slower:.0f} batch items a second ({REQUIRED_PER_SECOND} required)")
    return slower >= REQUIRED_PER_SECOND


def _timed(us: Connected, what: str, batches: int, make: Callable[[int], dict[str, Any]]) -> float:
    started = time.perf_counter()
    _create(us, range(batches * ITEMS), make)
    rate = batches * ITEMS / (time.perf_counter() - started)
    print(f"{batches * ITEMS} {what}: {rate:.0f} a second")
    return rate


def _full(invoices: int, state: Path) -> bool:
    with SimulatorProcess().start(options=("--state", str(state))) as simulator:
        us = connect(simulator, US)
        first = int(us.customer("The first")["Id"]) + 1
        small = _costs(us, first, 0, SMALL)
        full = _costs(us, first, SMALL, invoices)
        _print_costs(small, full, invoices)
        _dump(simulator, invoices)
        _append(us, state)
    return all(full[call] <= MOST_TIMES * max(small[call], TICK / CALLS) for call in small)


def _costs(us: Connected, first_customer: int, have: int, invoices: int) -> Costs:
    """Milliseconds of CPU for one call of each kind, with so many invoices in the books."""
    customers = range(have // INVOICES_OF_A_CUSTOMER, invoices // INVOICES_OF_A_CUSTOMER)
    _create(us, customers, _customer)
    most = invoices // INVOICES_OF_A_CUSTOMER
    _create(us, range(have, invoices - 100), lambda number: _invoice(number, first_customer + number % most))
    us.simulator.control("POST", "clock", {"advance_seconds": 60})
    us.tokens = connect(us.simulator, US).tokens
    since = us.simulator.control("POST", "clock", {})["now"]
    _create(
        us, range(invoices - 100, invoices), lambda number: _invoice(number, first_customer + number % most)
    )
    return {what: _cost(us, call) for what, call in _calls(first_customer, since, invoices).items()}


def _calls(customer: int, since: str, invoices: int) -> dict[str, tuple[str, dict[str, str]]]:
    def query(condition: str) -> tuple[str, dict[str, str]]:
        return "query", {"query": " ".join(["SELECT * FROM Invoice", condition])}

    return {
        "CustomerRef = one": query(f"WHERE CustomerRef = '{customer}'"),
        "DocNumber = one": query("WHERE DocNumber = 'INV-7'"),
        "LastUpdatedTime > a minute ago": query(f"WHERE MetaData.LastUpdatedTime > '{since}'"),
        "CDC since a minute ago": ("cdc", {"entities": "Invoice,Customer", "changedSince": since}),
        "first 100 of all": query("STARTPOSITION 1 MAXRESULTS 100"),
        "last 100 of all": query(f"STARTPOSITION {invoices - 99} MAXRESULTS 100"),
    }


def _cost(us: Connected, call: tuple[str, dict[str, str]]) -> float:
    path, params = call
    us.get(path, params=params)
    before = _cpu(us.simulator)
    for _ in range(CALLS):
        us.get(path, params=params)
    return (_cpu(us.simulator) - before) / CALLS


def _cpu(simulator: SimulatorProcess) -> float:
    """Milliseconds that the process has used (proc(5): utime and stime)."""
    fields = Path(f"/proc/{simulator.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK


def _print_costs(small: Costs, full: Costs, invoices: int) -> None:
    print(f"\n{'CPU ms a call':32} {SMALL:>8} {invoices:>8} invoices")
    for call, cost in small.items():
        print(f"{call:32} {cost:8.1f} {full[call]:8.1f}")


def _dump(simulator: SimulatorProcess, invoices: int) -> None:
    url = f"{simulator.url}/_simulator/books/{US}"
    started = time.perf_counter()
    with requests.get(url, stream=True, timeout=60) as answer:
        size = sum(len(piece) for piece in answer.iter_content(1 << 16))
    print(f"\ndump of {invoices} invoices: {size / 1e6:.0f} MB in {time.perf_counter() - started:.1f} s")
    started = time.perf_counter()
    requests.get(f"{url}?kind=Invoice&start={invoices - 100}&rows=100", timeout=60).raise_for_status()
    print(f"a page of 100 of it: {(time.perf_counter() - started) * 1000:.0f} ms")


def _append(us: Connected, state: Path) -> None:
    """What one more customer adds to the state file, and when."""
    before, started = state.stat().st_size, time.perf_counter()
    us.customer("The last")
    while state.stat().st_size == before:
        time.sleep(0.01)
    seconds, bytes_ = time.perf_counter() - started, state.stat().st_size - before
    print(f"one change more: {bytes_} bytes appended to {before / 1e6:.0f} MB after {seconds:.1f} s")


def _create(us: Connected, numbers: range, make: Callable[[int], dict[str, Any]]) -> None:
    for start in range(numbers.start, numbers.stop, ITEMS):
        batch = range(start, min(start + ITEMS, numbers.stop))
        items = [{"bId": str(number), "operation": "create", **make(number)} for number in batch]
        answers = us.post("batch", {"BatchItemRequest": items})["BatchItemResponse"]
        assert all("Fault" not in answer for answer in answers), answers


def _customer(number: int) -> dict[str, Any]:
    address = {"Line1": f"{number} Main St", "City": "Tucson", "CountrySubDivisionCode": "AZ"}
    return {"Customer": {"DisplayName": f"Customer {number}", "BillAddr": address, "Notes": "x" * 100}}


def _invoice(number: int, customer: int = 4) -> dict[str, Any]:
    lines = [line("41.50", Qty=Decimal(2), UnitPrice=Decimal("20.75")) for _ in range(LINES)]
    return {"Invoice": {"CustomerRef": {"value": str(customer)}, "DocNumber": f"INV-{number}", "Line": lines}}


if __name__ == "__main__":
    main()
