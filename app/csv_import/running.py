"""Importing a confirmed file in a worker: one transaction, so that it is imported once or not at all.

A worker that dies leaves the file confirmed, and the sweep wakes another one. The row is locked meanwhile: whoever
finds it locked leaves it alone. The company is not locked, because an import may take minutes in which others want
numbers too: whoever saves a number first has it, and the file is then checked again.
"""

import logging

from redis.exceptions import RedisError
from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from app import job_progress
from app.accounts.models import Company, User
from app.activity.models import Kind
from app.activity.recording import acting, record
from app.csv_import.models import CsvUpload
from app.csv_import.rooms import ROOMS, Found, Room
from app.csv_import.uploads import forget_old
from app.extensions import BULK, db, enqueue, now, redis

log = logging.getLogger(__name__)

JOB = "app.csv_import.jobs.import_file"
JOB_SECONDS = 1800
HOLD_SECONDS = 60  # how long a nudge stands before the sweep repeats it


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
    room = ROOMS[upload.kind]
    company = db.session.get_one(Company, upload.company_id)
    found = room.find(company, upload)
    if found.problems:
        end(upload, trouble=f"Line {found.problems[0].line}: {found.problems[0].message}")
    else:
        with acting(db.session.get_one(User, upload.user_id)):
            end(upload, imported=save(room, company, found, upload))
    db.session.commit()


def save(room: Room, company: Company, found: Found, upload: CsvUpload) -> int:
    """Write what was found and note it; returns how many records that were. The caller commits."""
    job = f"csv_import:{upload.id}"
    count = room.save(company, found, lambda done, of: job_progress.tell(job, done * 100 // of))
    noun = room.name.removesuffix("s") if count == 1 else room.name
    record(Kind.IMPORT, f"imported {count:,} {noun} from a file", company.id)
    return count


def end(upload: CsvUpload, imported: int = 0, trouble: str = "") -> None:
    """The content is needed no more."""
    upload.ended_at, upload.imported, upload.trouble = now(), imported, trouble
    upload.content, upload.size = "", 0


def run_later(upload_id: int) -> None:
    """After the commit, unless a job is waiting. Losing it is harmless: the sweep finds the file."""
    try:
        if redis().set(f"csv_import:nudged:{upload_id}", 1, nx=True, ex=HOLD_SECONDS):
            enqueue(BULK, JOB, upload_id, JOB_SECONDS)
    except RedisError as error:
        log.warning("The import of file %s was not queued: %s", upload_id, error)


def sweep_imports() -> list[int]:
    """Delete what is older than a day, and wake a worker for what is to be imported; returns the ids of that."""
    forget_old()
    ids = list(
        db.session.scalars(_unfinished().with_only_columns(CsvUpload.id).order_by(CsvUpload.confirmed_at))
    )
    db.session.commit()
    for upload_id in ids:
        run_later(upload_id)
    return ids


def _unfinished() -> Select[CsvUpload]:
    return select(CsvUpload).where(CsvUpload.confirmed_at.is_not(None), CsvUpload.ended_at.is_(None))
