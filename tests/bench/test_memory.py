"""What a worker never needs is not in its memory; bench/memory.py, small: every chore is done and measured."""

import subprocess
import sys
from collections import Counter

from app.accounts.models import Company
from app.extensions import db
from app.invoices.models import Invoice, InvoiceLine, InvoiceStatus
from app.quickbooks.models import Connection, RecordKind, SyncTask, TaskState
from bench import memory
from bench.scene import scene
from devtools.environment import development_settings
from devtools.stack import ROOT

HEAVY = "fpdf", "PIL", "zxcvbn", "alembic"  # 31, 12, 13 and 12 MB
LOADED = f"""
import sys, worker
worker.create_app(migrates=False)
print(*(name for name in {HEAVY} if name in sys.modules))
"""


def test_a_worker_loads_nothing_heavy_that_only_pages_use():
    environment = development_settings("postgresql+psycopg://nobody", "redis://127.0.0.1:1/0")
    loaded = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.split() == []


def test_every_chore_is_done():
    with scene(0, 0) as stack:
        peaks = memory.measured(stack, rows=40, lines=20, late=5)
        rows = db.session.query(SyncTask.kind, SyncTask.state).join(Connection).join(Company)
        sent = Counter(rows.filter_by(name="Harbor Bench").tuples())
        states = {kind: (state, count) for (kind, state), count in sent.items()}
        assert len(states) == len(sent)
        assert states[RecordKind.CUSTOMER] == (TaskState.SYNCED, 8)
        assert states[RecordKind.INVOICE] == (TaskState.SYNCED, 32)
        of_company = db.session.query(Invoice.status).join(Company, Company.id == Invoice.company_id)
        statuses = Counter(status for (status,) in of_company.filter_by(name="Harbor Late"))
        assert statuses == {InvoiceStatus.PAID: 40, InvoiceStatus.OVERDUE: 10}, "five were late already"
        imported = db.session.query(InvoiceLine).join(Invoice).join(Company, Company.id == Invoice.company_id)
        assert imported.filter_by(name="Harbor Import").count() == 20
    assert len(peaks) == 5
    assert all(megabytes > 20 for megabytes in peaks.values())
