"""Work that stands still half done, for a picture or a test of the page that tells how far it is."""

from sqlalchemy import select

from app import job_progress
from app.accounts.models import Company, User
from app.csv_export.models import CsvExport
from app.csv_import.models import CsvUpload
from app.extensions import db, now, redis
from app.quickbooks.account.connection import live_connection
from app.quickbooks.models.runs import RunState
from app.quickbooks.rehearsal.models import Rehearsal

HALF = 48  # percent


def half_an_import(company: Company) -> str:
    """Returns its address."""
    upload = CsvUpload(
        company_id=company.id, user_id=_owner_of(company), kind="customers", content="", confirmed_at=now()
    )
    return f"/customers/import/{_told('csv_import', upload)}"


def half_an_export(company: Company) -> str:
    """Returns its address."""
    export = CsvExport(company_id=company.id, user_id=_owner_of(company), kind="invoices", query="")
    return f"/invoices/exports/{_told('csv_export', export)}"


def half_a_rehearsal(company: Company) -> None:
    connection = live_connection(company.id)
    assert connection is not None
    db.session.add(Rehearsal(connection_id=connection.id, state=RunState.RUNNING, done=120, expected=250))


def _told(job: str, row: CsvUpload | CsvExport) -> int:
    db.session.add(row)
    db.session.flush()
    job_progress.tell(f"{job}:{row.id}", HALF)
    # As if a worker had been woken already.
    redis().set(f"{job}:nudged:{row.id}", 1, ex=job_progress.KEPT_SECONDS)
    return row.id


def _owner_of(company: Company) -> int:
    query = select(User.id).where(User.company_id == company.id).order_by(User.id).limit(1)
    return db.session.scalars(query).one()
