"""How PostgreSQL answers what pages, a wave and the sweep ask, in a database filled by many companies.

No table that grows is read from end to end, no index yields rows of which most are thrown away, and nobody reads
all invoices of a big company to count them. The statements are those that were really issued.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

from app.customers.models import Customer
from app.extensions import db
from app.invoices import tallies as invoice_tallies
from app.invoices.models import Invoice
from app.quickbooks.notices.attention import tell_of_trouble
from app.quickbooks.outbox import tallies
from app.quickbooks.outbox.invoice_counting import count_again
from app.quickbooks.outbox.sweep import oldest_due, sweep
from bench.measuring import statements
from bench.pages import Names
from devtools.filled import fill, fill_with_others, settle_down
from tests.people import Actor
from tests.quickbooks import builders
from tests.quickbooks.conftest import QuickBooks

LARGE = 5_000  # rows of a table: of most, 100 companies have more
WASTED = 1_000  # rows that may be read in vain, and more only when as many were wanted
MANY = 2_500  # rows that a statement may want of a table: the company has 10,000 invoices
LISTED_ITEMS = """
    INSERT INTO quickbooks_known (connection_id, kind, remote_id, key, name, is_sold, unread)
    SELECT id, 'item', n::text, 'part ' || n, 'Part ' || n, true, false
    FROM quickbooks_connections, generate_series(1, 900) AS n
"""

EVERYTHING_IS_QUEUED = "UPDATE quickbooks_tasks SET state = 'queued' WHERE kind = 'invoice'"
INVOICES_ARE_OFF = "UPDATE quickbooks_preferences SET sync_invoices = false"
ALL_MAY_SYNC = "UPDATE companies SET plan = 'pro'"


@pytest.fixture
def filled(quickbooks: QuickBooks) -> QuickBooks:
    """A company with 10,000 invoices beside 90 others with 1,000 each; QuickBooks has 900 items of each."""
    fill_with_others(90, 1_000)
    fill(quickbooks.owner.company, 10_000, connection=quickbooks.connection)
    db.session.execute(text(LISTED_ITEMS))
    settle_down()
    return quickbooks


def test_nothing_reads_what_it_does_not_want(filled: QuickBooks):
    wrong = []
    for what, act in actions(filled).items():
        with statements() as issued:
            act()
        db.session.rollback()
        wrong += [f"{what}: {told}" for told in judged(issued)]
    assert wrong == [], "\n\n".join(wrong)
    with statements() as issued:
        db.session.query(Invoice).filter_by(company_id=filled.owner.company_id).count()
    assert len(list(judged(issued))) == 1, "a count of everything goes unnoticed"


def test_what_is_switched_off_is_passed_over(quickbooks: QuickBooks):
    """An Owner who never sends invoices has thousands that wait, and nobody looks at them one by one."""
    fill_with_others(20, 1_000)
    for statement in (EVERYTHING_IS_QUEUED, INVOICES_ARE_OFF, ALL_MAY_SYNC):
        db.session.execute(text(statement))
    settle_down()
    wrong = []
    for act in (sweep, oldest_due, tell_of_trouble):
        with statements() as issued:
            act()
        db.session.rollback()
        wrong += [f"{act.__name__}: {told}" for told in judged(issued)]
    assert wrong == [], "\n\n".join(wrong)


def actions(quickbooks: QuickBooks) -> dict[str, Callable[[], Any]]:
    owner = quickbooks.owner
    pages = Names.of(owner.company_id).pages()
    bill = db.session.query(Invoice).filter_by(company_id=owner.company_id).first()
    pages |= {
        "an invoice": f"/invoices/{bill.id}",
        "a customer": f"/customers/{bill.customer_id}",
        "home": "/home",
        "new invoice": "/invoices/new",
        "an item while it is typed": "/invoices/items?lines-0-item=valve",
        "not in QuickBooks": "/invoices?view=not_in_quickbooks",
        "needs you": "/invoices?view=needs_you",
    }
    return {
        **{name: partial(_read, owner, address) for name, address in pages.items()},
        "save": lambda: _save(bill.customer_id),
        "wave": quickbooks.drain,
        "sweep": sweep,
        "fold": tallies.fold,
        "fold of invoices": invoice_tallies.fold,
        "count again": count_again,
    }


def _read(owner: Actor, address: str) -> None:
    assert owner.get(address).status_code in (200, 303)


def _save(customer_id: int) -> None:
    customer = db.session.get_one(Customer, customer_id)
    for _ in range(3):
        bill = builders.invoice(customer)
    builders.edit_invoice(bill, notes="Ring twice")


def judged(issued: list[tuple[str, Any]]) -> Iterator[str]:
    sizes: dict[str, float] = dict(
        db.session.execute(text("SELECT relname, reltuples FROM pg_class WHERE relkind = 'r'")).tuples().all()
    )
    for statement, parameters in dict(issued).items():
        if not re.match(r"\s*(SELECT|UPDATE|DELETE|WITH|INSERT.*SELECT)\b", statement, re.DOTALL):
            continue
        for node in _nodes(_plan(statement, parameters)):
            if fault := _fault(node, sizes):
                yield f"{fault}\n{statement}\n{parameters}"


def _plan(statement: str, parameters: Any) -> dict[str, Any]:
    """As it is done; what it writes is rolled back."""
    explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
    if isinstance(parameters, list):  # of many rows alike
        parameters = parameters[0]
    told = db.session.connection().exec_driver_sql(explain, parameters).scalar_one()
    db.session.rollback()
    return (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def _fault(node: dict[str, Any], sizes: dict[str, float]) -> str:
    table, loops = node.get("Relation Name", ""), float(node["Actual Loops"])
    if node["Node Type"] == "Seq Scan" and sizes.get(table, 0) > LARGE and loops:
        return f"reads all of {table}"
    thrown_away = float(node.get("Rows Removed by Filter", 0)) * loops
    if table and thrown_away > WASTED and thrown_away > float(node["Actual Rows"]) * loops:
        return f"throws away {thrown_away:.0f} rows of {table} ({node.get('Index Name', node['Node Type'])})"
    wanted = float(node["Actual Rows"]) * loops
    if sizes.get(table, 0) > LARGE and wanted > MANY:
        return f"reads {wanted:.0f} rows of {table} ({node.get('Index Name', node['Node Type'])})"
    return ""
