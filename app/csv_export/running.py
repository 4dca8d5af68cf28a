"""Making a file in a worker.

The row is locked meanwhile: whoever finds it locked leaves it alone. A worker that dies leaves it unfinished, and
the sweep wakes another one, a few times; then the page says that the file could not be made.
"""

import gzip
import io
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import parse_qsl

from sqlalchemy import delete, select
from werkzeug.datastructures import MultiDict

from app import job_progress
from app.accounts.models import Company
from app.csv_export.exporters import EXPORTERS
from app.csv_export.models import CsvExport
from app.extensions import BULK, db, now
from app.nudges import Nudges
from app.web.csv_download import ROWS_A_PIECE, pieces

NUDGES = Nudges(
    "csv_export:nudged",
    "The making of file",
    queue=BULK,
    job="app.csv_export.jobs.make_file",
    job_seconds=1800,
    hold_seconds=60,
)
MOST_TRIES = 3
KEPT_FOR = timedelta(days=1)


def run(export_id: int) -> None:
    """Make the file, unless that is done or another worker is at it. Commits."""
    export = _locked(export_id)
    if export is None:
        return
    if export.tries >= MOST_TRIES:
        export.ended_at = now()
        db.session.commit()
        return
    export.tries += 1
    db.session.commit()  # counted also when this worker dies
    if export := _locked(export_id):
        _make(export)
        db.session.commit()


def _make(export: CsvExport) -> None:
    exporter, company = EXPORTERS[export.kind], db.session.get_one(Company, export.company_id)
    args = MultiDict(parse_qsl(export.query))
    export.rows = exporter.count(company, args)
    export.content = _packed(pieces(exporter.header(), exporter.rows(company, args)), export)
    export.size, export.ended_at = len(export.content), now()


def _packed(texts: Iterable[str], export: CsvExport) -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as file:
        for number, text in enumerate(texts):
            file.write(text.encode())
            percent = min(99, number * ROWS_A_PIECE * 100 // max(export.rows, 1))
            job_progress.tell(f"csv_export:{export.id}", percent)
    return packed.getvalue()


def sweep_exports() -> list[int]:
    """Delete what is older than a day, and wake a worker for what is unfinished; returns its ids."""
    db.session.execute(delete(CsvExport).where(CsvExport.created_at <= now() - KEPT_FOR))
    unfinished = select(CsvExport.id).where(CsvExport.ended_at.is_(None)).order_by(CsvExport.created_at)
    ids = list(db.session.scalars(unfinished))
    db.session.commit()
    for export_id in ids:
        NUDGES.give(export_id)
    return ids


def _locked(export_id: int) -> CsvExport | None:
    """None when it has ended, or when another worker has it."""
    unfinished = select(CsvExport).where(CsvExport.id == export_id, CsvExport.ended_at.is_(None))
    return db.session.scalar(unfinished.with_for_update(skip_locked=True))
