"""Ask for a file, and find it again for a day. Within one's company."""

from collections.abc import Sequence

from flask import abort
from flask_login import current_user
from sqlalchemy import Select, func

from app.accounts.guards import company_scoped
from app.accounts.locking import lock_company
from app.csv_export.exporters import Exporter
from app.csv_export.models import CsvExport
from app.csv_export.running import KEPT_FOR, NUDGES
from app.extensions import db, now

MOST_KEPT = 20  # of a company


class TooManyFiles(Exception):
    def __str__(self) -> str:
        return f"Your company has asked for {MOST_KEPT} files since yesterday. Use one of them, or try again later."


def ask(exporter: Exporter, query: str) -> CsvExport:
    """The file that is being made of the same list for this person, or a new one. Commits.

    Raises TooManyFiles, with a sentence.
    """
    lock_company(current_user.company_id)
    export = db.session.scalar(
        _kept(exporter).filter_by(user_id=current_user.id, query=query, ended_at=None).limit(1)
    ) or _new(exporter, query)
    db.session.commit()
    NUDGES.give(export.id)
    return export


def _new(exporter: Exporter, query: str) -> CsvExport:
    kept = _kept(exporter).with_only_columns(func.count()).order_by(None)
    if (db.session.scalar(kept) or 0) >= MOST_KEPT:
        raise TooManyFiles
    export = CsvExport(
        company_id=current_user.company_id, user_id=current_user.id, kind=exporter.name, query=query
    )
    db.session.add(export)
    return export


def export_or_404(exporter: Exporter, export_id: int) -> CsvExport:
    return db.session.scalar(_kept(exporter).where(CsvExport.id == export_id)) or abort(404)


def own_exports(exporter: Exporter) -> Sequence[CsvExport]:
    """What this person asked for since yesterday, the newest first."""
    return db.session.scalars(_kept(exporter).where(CsvExport.user_id == current_user.id).limit(5)).all()


def _kept(exporter: Exporter) -> Select[CsvExport]:
    query = company_scoped(CsvExport).where(
        CsvExport.kind == exporter.name, CsvExport.created_at > now() - KEPT_FOR
    )
    return query.order_by(CsvExport.created_at.desc(), CsvExport.id.desc())
