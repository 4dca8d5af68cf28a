"""What an import costs: seconds from the confirmation to its answer, seconds of the job, and its memory.

Run: python -m bench.imports [--lines N]
"""

import argparse
import resource
import time

from app.accounts.models import Company, Plan, Role, User
from app.csv_import import running
from app.csv_import.models import CsvUpload
from app.customers.models import Customer
from app.extensions import db, now
from app.invoices.models import Invoice
from bench.measuring import product, report

LINES_AN_INVOICE = 2
HEADER = "invoice_number,customer_number,issue_date,due_date,item,quantity,unit_price,discount_percent"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=20_000)
    options = parser.parse_args()
    with product():
        result = measured(options.lines)
    report(
        f"| importing a file of {options.lines:,} lines | {result['job_seconds']} s in a job, "
        f"{result['megabytes_more']} MB more | a job; ≤ 140 MB |",
        result,
    )
    raise SystemExit(result["invoices"] != options.lines // LINES_AN_INVOICE)


def measured(lines: int) -> dict[str, float]:
    """In an app context with empty tables. Memory is the peak of this process, beyond what it had."""
    upload_id = _confirmed(lines)
    before, started = _peak(), time.monotonic()
    running.run(upload_id)
    return {
        "lines": lines,
        "job_seconds": round(time.monotonic() - started, 1),
        "megabytes_more": round(_peak() - before),
        "invoices": db.session.query(Invoice).count(),
    }


def _confirmed(lines: int) -> int:
    company = Company(name="Harbor Bench", plan=Plan.PRO)
    owner = User(company=company, email="owner@example.com", name="Olivia", role=Role.OWNER, password_hash="")
    db.session.add_all([owner, Customer(company=company, number="C-1", name="Elm Street Bakery")])
    db.session.flush()
    rows = (f"F-{n // LINES_AN_INVOICE},C-1,2026-03-02,2026-04-01,Air filter,2,24.50,0" for n in range(lines))
    content = "\n".join((HEADER, *rows))
    upload = CsvUpload(
        company_id=company.id, user_id=owner.id, kind="invoices", content=content, confirmed_at=now()
    )
    db.session.add(upload)
    db.session.commit()
    return upload.id


def _peak() -> float:
    """Megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    main()
