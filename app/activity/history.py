"""A record's own part of the activity, together with what other rooms know of it, newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app, render_template, url_for
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.activity.models import Activity, Subject
from app.extensions import db

SHOWN = 6
MOST = 200


@dataclass(frozen=True)
class Entry:
    """`who` is "" for what nobody did by hand; `text` then stands alone. `changes`: what, before, after."""

    at: datetime
    who: str
    text: str
    changes: Sequence[Sequence[str]] = ()
    is_trouble: bool = False


Source = Callable[[int, Subject], Iterable[Entry]]


def register(app: Flask) -> None:
    app.extensions["history_sources"] = [_activities]
    app.extensions["record_pages"] = {}
    app.jinja_env.globals.update(record_history=render, record_page=page_of)


def add_source(app: Flask, source: Source) -> None:
    """`source` takes the company's id and the record, and answers what it knows, at most `MOST`."""
    app.extensions["history_sources"].append(source)


def add_page(app: Flask, kind: str, endpoint: str, argument: str) -> None:
    """Records of this kind have a page: `endpoint` takes their id as `argument`."""
    app.extensions["record_pages"][kind] = (endpoint, argument)


def page_of(subject: Subject | None) -> str | None:
    """The address of the record's page, if its kind has one; a template global."""
    found = current_app.extensions["record_pages"].get(subject.kind) if subject else None
    if not found or not subject:
        return None
    endpoint, argument = found
    arguments: dict[str, Any] = {argument: subject.id}
    return url_for(endpoint, **arguments)


def render(company_id: int, subject: Subject) -> Markup:
    """The card for the record's page; a template global."""
    sources: list[Source] = current_app.extensions["history_sources"]
    found = (entry for source in sources for entry in source(company_id, subject))
    entries = sorted(found, key=lambda entry: entry.at, reverse=True)
    return Markup(  # noqa: S704 - the template escapes what it shows
        render_template("activity/_history.html", entries=entries, subject=subject, shown=SHOWN)
    )


def _activities(company_id: int, subject: Subject) -> Iterable[Entry]:
    newest_first = (
        select(Activity)
        .filter_by(company_id=company_id, record_kind=subject.kind, record_id=subject.id)
        .order_by(Activity.id.desc())
        .limit(MOST)
        .options(selectinload(Activity.user))
    )
    for event in db.session.scalars(newest_first):
        yield Entry(event.at, event.user.name if event.user else "", event.text, event.changes)
