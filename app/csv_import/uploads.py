"""Keep a checked file until it is confirmed, for one person and at most a day."""

from datetime import timedelta

from flask import abort
from flask_login import current_user
from sqlalchemy import and_, delete, func

from app.accounts.guards import company_scoped
from app.accounts.locking import lock_company
from app.csv_import.models import CsvUpload
from app.extensions import db, now

KEPT_FOR = timedelta(days=1)
QUOTA = 50 * 1024 * 1024  # bytes a company


class QuotaUsedUp(Exception):
    def __str__(self) -> str:
        return "Your company has 50 MB of checked files waiting. Import one of them, or try again tomorrow."


def keep_upload(kind: str, content: str, columns: dict[str, str] | None = None) -> CsvUpload:
    """Stores the text for the signed-in user, after what is too old made room.

    `columns` are the file's heads for ours, where they differ.
    Raises QuotaUsedUp, with a sentence, when the company has too much waiting.
    """
    forget_old()
    lock_company(current_user.company_id)
    size = len(content.encode())
    if _waiting() + size > QUOTA:
        raise QuotaUsedUp
    upload = CsvUpload(
        company_id=current_user.company_id,
        user_id=current_user.id,
        kind=kind,
        content=content,
        size=size,
        columns=columns,
    )
    db.session.add(upload)
    db.session.flush()
    return upload


def forget_old() -> None:
    """But not what was confirmed and no worker has imported yet: that was promised. The caller commits."""
    is_promised = and_(CsvUpload.confirmed_at.is_not(None), CsvUpload.ended_at.is_(None))
    db.session.execute(delete(CsvUpload).where(CsvUpload.created_at < now() - KEPT_FOR, ~is_promised))


def _waiting() -> int:
    """Bytes of the company's files."""
    return (
        db.session.scalar(
            company_scoped(CsvUpload).with_only_columns(func.coalesce(func.sum(CsvUpload.size), 0))
        )
        or 0
    )


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
