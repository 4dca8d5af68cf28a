"""How many batch items a second the simulator takes, limits and latency off. It must never be a bottleneck.

Run: python -m bench.simulator [--batches N]
"""

import argparse
import time
from decimal import Decimal
from typing import Any

from tests.simulator.connected import Connected, connect, line
from tests.simulator_process import SimulatorProcess

REALM = "9130357992221046"
ITEMS = 30
LINES = 3
REQUIRED_PER_SECOND = 300


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batches", type=int, default=60)
    batches = parser.parse_args().batches
    with SimulatorProcess() as simulator:
        connected = connect(simulator, REALM)
        customers = _timed(connected, "customers", batches, _customer)
        invoices = _timed(connected, "invoices", batches, _invoice)
    slower = min(customers, invoices)
    print(f"{slower:.0f} batch items a second ({REQUIRED_PER_SECOND} required)")
    raise SystemExit(slower < REQUIRED_PER_SECOND)


def _timed(connected: Connected, what: str, batches: int, make: Any) -> float:
    started = time.perf_counter()
    for batch in range(batches):
        items = [
            {"bId": str(item), "operation": "create", **make(batch * ITEMS + item)} for item in range(ITEMS)
        ]
        answers = connected.post("batch", {"BatchItemRequest": items})["BatchItemResponse"]
        assert all("Fault" not in answer for answer in answers)
    rate = batches * ITEMS / (time.perf_counter() - started)
    print(f"{batches * ITEMS} {what}: {rate:.0f} a second")
    return rate


def _customer(number: int) -> dict[str, Any]:
    address = {"Line1": f"{number} Main St", "City": "Tucson", "CountrySubDivisionCode": "AZ"}
    return {"Customer": {"DisplayName": f"Customer {number}", "BillAddr": address, "Notes": "x" * 100}}


def _invoice(number: int) -> dict[str, Any]:
    lines = [line("41.50", Qty=Decimal(2), UnitPrice=Decimal("20.75")) for _ in range(LINES)]
    return {"Invoice": {"CustomerRef": {"value": "4"}, "DocNumber": f"INV-{number}", "Line": lines}}


if __name__ == "__main__":
    main()
