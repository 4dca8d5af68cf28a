"""Importing a confirmed file in a worker: one transaction, so that it is imported once or not at all.

A worker that dies leaves the file confirmed, and the sweep wakes another one. The row is locked meanwhile: whoever
finds it locked leaves it alone. The company is not locked, because an import may take minutes in which others want
numbers too: whoever saves a number first has it, and the file is then checked again.
"""

import logging

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from app import job_progress
from app.accounts.models import Company, User
from app.activity.models import ActivityKind
from app.activity.recording import acting, record
from app.csv_import.importers import IMPORTERS, Found, Importer
from app.csv_import.models import CsvUpload
from app.csv_import.uploads import forget_old
from app.extensions import BULK, db, now
from app.nudges import Nudges

log = logging.getLogger(__name__)

NUDGES = Nudges(
    "csv_import:nudged",
    "The import of file",
    queue=BULK,
    job="app.csv_import.jobs.import_file",
    job_seconds=1800,
    hold_seconds=60,
)


def run(upload_id: int) -> None:
    """Import a confirmed file, unless that is done or another worker is at it. Commits."""
    try:
        _run(upload_id)
    except IntegrityError:
        db.session.rollback()
        log.info("File %s is checked again: somebody saved one of its numbers meanwhile", upload_id)
        _run(upload_id)


def _run(upload_id: int) -> None:
    upload = db.session.scalar(
        _unfinished().where(CsvUpload.id == upload_id).with_for_update(skip_locked=True)
    )
    if upload is None:
        return
    importer = IMPORTERS[upload.kind]
    company = db.session.get_one(Company, upload.company_id)
    found = importer.find(company, upload)
    if found.problems:
        end(upload, trouble=f"Line {found.problems[0].line}: {found.problems[0].message}")
    elif found.wrong:  # the company changed since the preview, which did not have to ask
        end(upload, trouble=" ".join(found.wrong.values()))
    else:
        with acting(db.session.get_one(User, upload.user_id)):
            end(upload, imported=save(importer, company, found, upload))
    db.session.commit()


def save(importer: Importer, company: Company, found: Found, upload: CsvUpload) -> int:
    """Write what was found and note it; returns how many records that were. The caller commits."""
    job = f"csv_import:{upload.id}"
    count = importer.save(company, found, lambda done, of: job_progress.tell(job, done * 100 // of))
    noun = importer.name.removesuffix("s") if count == 1 else importer.name
    record(ActivityKind.IMPORT, f"imported {count:,} {noun} from a file", company.id)
    return count


def end(upload: CsvUpload, imported: int = 0, trouble: str = "") -> None:
    """The content is needed no more."""
    upload.ended_at, upload.imported, upload.trouble = now(), imported, trouble
    upload.content, upload.size = "", 0


def sweep_imports() -> list[int]:
    """Delete what is older than a day, and wake a worker for what is to be imported; returns the ids of that."""
    forget_old()
    ids = list(
        db.session.scalars(_unfinished().with_only_columns(CsvUpload.id).order_by(CsvUpload.confirmed_at))
    )
    db.session.commit()
    for upload_id in ids:
        NUDGES.give(upload_id)
    return ids


def _unfinished() -> Select[CsvUpload]:
    return select(CsvUpload).where(CsvUpload.confirmed_at.is_not(None), CsvUpload.ended_at.is_(None))
