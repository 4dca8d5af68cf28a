"""What a connection costs whoever saves an invoice: the time connected ÷ not, and the statements.

Without pages around it, from the first question to the end of the commit. No worker runs beside it.

Run: python -m bench.saving [--invoices N] [--rounds N]
"""

import argparse
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import count

from sqlalchemy import delete

from app.accounts.models import Company
from app.extensions import db
from app.invoices import lifecycle
from app.invoices.models import Invoice
from app.invoices.records import InvoiceData, LineData, create_draft, update_invoice
from app.quickbooks.models import Connection
from bench.measuring import medians, product, report, statements
from devtools.filled import fill, settle_down

GOAL = 1.15
_days = count(1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--invoices", type=int, default=10_000, help="that each company has already")
    parser.add_argument("--rounds", type=int, default=200)
    options = parser.parse_args()
    with product():
        result = measured(options.invoices, options.rounds)
    ratios, counted = result["ratios"], result["statements"]
    report(
        f"| F6 saving an invoice, connected ÷ not | {ratios['edit']} edit, {ratios['new']} new; "
        f"{counted['edit, connected']} and {counted['edit, not']} statements an edit | ≤ {GOAL} |",
        result,
    )
    raise SystemExit(max(ratios.values()) > GOAL)


def measured(invoices: int, rounds: int) -> dict[str, dict[str, float]]:
    """In an app context with empty tables."""
    saves: dict[str, Callable[[], None]] = {}
    for name in ("connected", "not"):
        company_id, customer_id = _company(name, invoices)
        invoice_id = new(company_id, customer_id)
        saves |= {
            f"edit, {name}": partial(edit, invoice_id),
            f"new, {name}": partial(new, company_id, customer_id),
        }
    db.session.execute(delete(Connection).where(Connection.remote_name == "not"))
    settle_down()
    counted = {name: _statements(save) for name, save in saves.items()}
    taken = medians(saves, rounds)
    return {
        "ratios": {
            step: round(taken[f"{step}, connected"] / taken[f"{step}, not"], 2) for step in ("edit", "new")
        },
        "statements": counted,
        "milliseconds": {name: round(each, 2) for name, each in taken.items()},
    }


def new(company_id: int, customer_id: int) -> int:
    """Written and finalised, as the Owner does; returns its id."""
    day = date(2026, 3, 2)
    line = LineData("Service call", Decimal(1), Decimal(95))
    company = db.session.get_one(Company, company_id)
    invoice = create_draft(company, InvoiceData(customer_id, day, day, lines=[line]))
    lifecycle.finalise(invoice)
    db.session.commit()
    return invoice.id


def edit(invoice_id: int) -> None:
    """Another due date, as the Owner types it."""
    invoice = db.session.get_one(Invoice, invoice_id)
    due = date(2026, 3, 2) + timedelta(days=next(_days))
    update_invoice(invoice, replace(InvoiceData.of(invoice), due_date=due))
    db.session.commit()


def _company(name: str, invoices: int) -> tuple[int, int]:
    """Ids of a company and of a customer of its own."""
    company = Company(name=name)
    db.session.add(company)
    db.session.flush()
    fill(company, invoices)
    customer_id = db.session.query(Invoice.customer_id).filter_by(company_id=company.id).limit(1).scalar()
    return company.id, customer_id


def _statements(save: Callable[[], object]) -> int:
    save()
    with statements() as issued:
        save()
    return len(issued)


if __name__ == "__main__":
    main()
