"""What a poll of the queue costs beside a signed-in view that says nothing: requests a second, and bytes.

One process, one request after the other, by turns. "Unchanged" is what an open page asks nearly always.

Run: python -m bench.polls [--rows N] [--rounds N]
"""

import argparse
from functools import partial
from typing import Any

from flask import Flask

from app.accounts.guards import signed_in
from app.accounts.models import Company
from app.extensions import db
from bench.measuring import medians, product, report, statements
from devtools.filled import fill, settle_down
from tests.people import Actor

GOAL, LARGEST = 0.7, 30_000
QUEUE = "/settings/integrations/quickbooks/queue"
EMPTY = "/bench/empty"
STATES = 4  # that the rows in trouble are spread over


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000, help="that wait or need somebody")
    parser.add_argument("--rounds", type=int, default=300)
    options = parser.parse_args()
    with product() as app:
        result = measured(app, options.rows, options.rounds)
    report(
        f"| F5 queue poll ÷ empty signed-in view, {options.rows:,} rows | {result['ratio']} "
        f"({result['a second']['poll, unchanged']} and {result['a second']['empty view']} requests a second), "
        f"{result['bytes']:,} bytes when changed | ≥ {GOAL}, ≤ {LARGEST:,} bytes |",
        result,
    )
    raise SystemExit(result["ratio"] < GOAL or result["bytes"] > LARGEST)


def measured(app: Flask, rows: int, rounds: int) -> dict[str, Any]:
    """In an app context with empty tables. Answers how often a second, and how large a changed queue is."""
    app.add_url_rule(EMPTY, view_func=_empty)
    owner = Actor.hired(app, "olivia@harbor.example", company="Harbor Heating")
    fill(db.session.query(Company).one(), rows + 100, troubled=rows)
    settle_down()
    fragment = owner.htmx("GET", QUEUE)
    version = fragment.text.split('data-version="')[1].split('"')[0]
    poll = partial(_ask, owner, QUEUE, 304, {"If-None-Match": f'"{version}"'})
    taken = medians(
        {
            "empty view": partial(_ask, owner, EMPTY, 200),
            "poll, unchanged": poll,
            "poll, changed": partial(_ask, owner, QUEUE, 200),
        },
        rounds,
    )
    with statements() as issued:
        poll()
    return {
        "ratio": round(taken["empty view"] / taken["poll, unchanged"], 2),
        "a second": {name: round(1000 / each) for name, each in taken.items()},
        "statements": len(issued),
        "bytes": len(fragment.data),
    }


@signed_in
def _empty() -> str:
    return ""


def _ask(owner: Actor, address: str, status: int, headers: dict[str, str] | None = None) -> None:
    answer = owner.open("GET", address, headers={"HX-Request": "true", **(headers or {})})
    if answer.status_code != status:
        raise RuntimeError(f"{address} answered {answer.status_code}")


if __name__ == "__main__":
    main()
