"""Whether pages stay as fast in a big company as in a small one, in a database filled by others.

Run: python -m bench.pages [--invoices N] [--small N] [--others N] [--rounds N] [--statements]
"""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.accounts.models import Company
from app.customers.models import Customer
from app.extensions import db
from app.invoices.models import Invoice
from bench.measuring import medians, product, report, statements
from devtools.filled import fill, fill_with_others, settle_down
from tests.people import Actor

GOAL = 1.25
QUICKBOOKS = "/settings/integrations/quickbooks"
OF_OTHERS = 500  # invoices that each other company has


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--invoices", type=int, default=1_000_000, help="of the big company")
    parser.add_argument("--small", type=int, default=1_000, help="of the small one")
    parser.add_argument("--others", type=int, default=200, help=f"companies with {OF_OTHERS} invoices each")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--statements", action="store_true", help="print the slowest statements, too")
    options = parser.parse_args()
    with product() as app:
        result = measured(app, options.small, options.invoices, options.others, options.rounds)
        if options.statements:
            explain(Actor.hired(app, "eve@harbor.example", company="big"))
    ratios = result["ratios"]
    worst = ", ".join(f"{name} {ratio}" for name, ratio in ratios.items())
    report(f"| F4 at {options.invoices:,} invoices ÷ {options.small:,} | {worst} | ≤ {GOAL} each |", result)
    raise SystemExit(max(ratios.values()) > GOAL)


@dataclass(frozen=True)
class Names:
    """What somebody in the company searches for."""

    number: str
    customer: str

    @classmethod
    def of(cls, company_id: int) -> "Names":
        """One from the middle of the books."""
        middle = select(Invoice.number).filter_by(company_id=company_id).order_by(Invoice.id)
        count = db.session.query(Invoice).filter_by(company_id=company_id).count()
        number = db.session.scalars(middle.offset(count // 2).limit(1)).one()
        customers = select(Customer.name).filter_by(company_id=company_id).order_by(Customer.id)
        return cls(number, db.session.scalars(customers.offset(count // 50).limit(1)).one())

    def pages(self) -> dict[str, str]:
        """Addresses by what is measured."""
        return {
            "search by number": f"/invoices?q={self.number}",
            "by the number's end": f"/invoices?q={self.number.rpartition('-')[2]}",  # which finds one, too
            "by customer": f"/invoices?q={self.customer}",
            "no match": "/invoices?q=zzyzx",
            "no such number": "/invoices?q=INV-2031-0000001",
            "invoice list": "/invoices",
            "overdue": "/invoices?status=overdue",
            "QuickBooks page": QUICKBOOKS,
            "queue": f"{QUICKBOOKS}/queue",
            "customers": "/customers",
            "customers' search": f"/customers?q={self.customer}",
            "no such customer": "/customers?q=zzyzx",
        }


def measured(app: Flask, small: int, big: int, others: int, rounds: int) -> dict[str, Any]:
    """In an app context with empty tables. Times in milliseconds, of the whole request."""
    fill_with_others(others, OF_OTHERS)
    people, pages = {}, {}
    for name, invoices in (("small", small), ("big", big)):
        people[name] = Actor.hired(app, f"owner@{name}.example", company=name)
        fill(db.session.query(Company).filter_by(name=name).one(), invoices)
        pages[name] = Names.of(people[name].company_id).pages()
    settle_down()
    ratios, times = {}, {}
    for page in pages["small"]:
        asked = {name: partial(_get, people[name], pages[name][page]) for name in people}
        taken = medians(asked, rounds)
        ratios[page] = round(taken["big"] / taken["small"], 2)
        times[page] = {name: round(each, 1) for name, each in taken.items()}
    return {"ratios": ratios, "milliseconds": times, "statements": _counted(people["big"], pages["big"])}


def explain(person: Actor) -> None:
    """Every statement of the pages that takes longer than 5 ms, as PostgreSQL does it."""
    for page, address in Names.of(person.company_id).pages().items():
        with statements() as issued:
            _get(person, address)
        for statement, parameters in issued:
            told = db.session.connection().exec_driver_sql(
                f"EXPLAIN (ANALYZE, BUFFERS) {statement}", parameters
            )
            plan = list(told.scalars())
            if float(plan[-1].split()[2]) > 5:
                print(f"--- {page}", statement, parameters, *plan, sep="\n")
        db.session.rollback()


def _counted(person: Actor, pages: Mapping[str, str]) -> dict[str, int]:
    counted = {}
    for page, address in pages.items():
        with statements() as issued:
            _get(person, address)
        counted[page] = len(issued)
    return counted


def _get(person: Actor, address: str) -> None:
    answer = person.htmx("GET", address) if address.endswith("/queue") else person.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")


if __name__ == "__main__":
    main()
