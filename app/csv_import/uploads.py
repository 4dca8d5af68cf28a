"""Keep a checked file until it is confirmed, for one person and at most a day."""

from datetime import timedelta

from flask import abort
from flask_login import current_user
from sqlalchemy import delete

from app.accounts.guards import company_scoped
from app.csv_import.models import CsvUpload
from app.extensions import db, now

KEPT_FOR = timedelta(days=1)


def keep_upload(kind: str, content: str) -> CsvUpload:
    """Stores the text for the signed-in user and sweeps out whatever nobody confirmed in time."""
    db.session.execute(delete(CsvUpload).where(CsvUpload.created_at < now() - KEPT_FOR))
    upload = CsvUpload(
        company_id=current_user.company_id, user_id=current_user.id, kind=kind, content=content
    )
    db.session.add(upload)
    db.session.flush()
    return upload


def upload_or_404(kind: str, upload_id: int, lock: bool = False) -> CsvUpload:
    """The signed-in user's own upload. `lock` makes a second confirmation wait, and then find it gone."""
    query = company_scoped(CsvUpload).where(
        CsvUpload.id == upload_id,
        CsvUpload.kind == kind,
        CsvUpload.user_id == current_user.id,
        CsvUpload.created_at >= now() - KEPT_FOR,
    )
    upload = db.session.scalar(query.with_for_update() if lock else query)
    if upload is None:
        abort(404)
    return upload
