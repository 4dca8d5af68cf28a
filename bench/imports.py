"""What an import costs: seconds from the confirmation to its answer, seconds of the job, and its memory.

Run: python -m bench.imports [--lines N]
"""

import argparse
import resource
import time

from flask import Flask

from app.csv_import import running
from app.csv_import.models import CsvUpload
from app.customers.models import Customer
from app.extensions import db
from app.invoices.models import Invoice
from bench.measuring import product, report
from tests.people import Actor

GOAL = 1.0  # seconds until a confirmation is answered
LINES_AN_INVOICE = 2
HEADER = "invoice_number,customer_number,issue_date,due_date,item,quantity,unit_price,discount_percent"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=20_000)
    options = parser.parse_args()
    with product() as app:
        result = measured(app, options.lines)
    report(
        f"| importing a file of {options.lines:,} lines | confirming it is answered in "
        f"{result['confirm_seconds']} s; {result['job_seconds']} s in a job, {result['megabytes_more']} MB more "
        f"| ≤ {GOAL} s; a job |",
        result,
    )
    wrong = result["invoices"] != options.lines // LINES_AN_INVOICE
    raise SystemExit(wrong or result["confirm_seconds"] > GOAL)


def measured(app: Flask, lines: int) -> dict[str, float]:
    """In an app context with empty tables. Memory is the peak of this process, beyond what it had."""
    owner = Actor.hired(app, "owner@example.com", company="Harbor Bench")
    upload_id = uploaded(owner, lines)
    started = time.monotonic()
    answer = owner.post(f"/invoices/import/{upload_id}")
    confirmed, before = time.monotonic(), _peak()
    if answer.status_code != 303:
        raise RuntimeError(f"The confirmation was answered with {answer.status_code}")
    running.run(upload_id)
    return {
        "lines": lines,
        "confirm_seconds": round(confirmed - started, 2),
        "job_seconds": round(time.monotonic() - confirmed, 1),
        "megabytes_more": round(_peak() - before),
        "invoices": db.session.query(Invoice).count(),
    }


def uploaded(owner: Actor, lines: int) -> int:
    db.session.add(Customer(company_id=owner.company_id, number="C-1", name="Elm Street Bakery"))
    rows = (f"F-{n // LINES_AN_INVOICE},C-1,2026-03-02,2026-04-01,Air filter,2,24.50,0" for n in range(lines))
    content = "\n".join((HEADER, *rows))
    upload = CsvUpload(company_id=owner.company_id, user_id=owner.user_id, kind="invoices", content=content)
    db.session.add(upload)
    db.session.commit()
    return upload.id


def _peak() -> float:
    """Megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    main()
