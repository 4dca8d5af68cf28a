"""How values look on a page."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from simulator import exact_json
from simulator.clock import PACIFIC


def money(value: Decimal | int) -> str:
    return f"{value:,.2f}"


def plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def clock_time(moment: datetime) -> str:
    return f"{moment.astimezone(PACIFIC):%b %d, %H:%M:%S}"


def indented(value: Any) -> str:
    return exact_json.dumps(value, indent=2)


def pretty(body: bytes) -> str:
    """JSON indented; anything else as it is."""
    try:
        return indented(exact_json.loads(body))
    except ValueError:
        return body.decode("utf-8", "replace")
