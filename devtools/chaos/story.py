"""What happened to one record, in the order it happened: told where something is wrong with it."""

from datetime import UTC, datetime

from flask import has_app_context
from sqlalchemy import select

from app.extensions import db
from app.quickbooks.models import SyncTask
from devtools.chaos import evidence, fields
from devtools.chaos.books import Books, Version, Where
from devtools.chaos.diary import Entry
from devtools.chaos.said import Said


def story(entry: Entry, wheres: set[Where], books: Books, said: Said) -> str:
    """Our people's edits and answers, QuickBooks' versions, and every try of ours."""
    told = [(at, f"here: {_changes(values)}") for at, values in _edits(entry)]
    told += [(one.at, f"a person answered: {one.choice}") for one in said.answers_of(entry)]
    for where in wheres:
        told += [(one.at, f"{one.kind} {one.id}: {brief(one)}") for one in books.versions.get(where, [])]
    lines = [f"    {datetime.fromtimestamp(at, UTC):%H:%M:%S.%f} {what}" for at, what in sorted(told)]
    return "\n".join([*lines, *_tries(entry)])


def brief(version: Version) -> str:
    """Who wrote what, in a line."""
    if version.after is None:
        return f"{version.by} deleted it"
    if version.voids:
        return f"{version.by} voided it"
    was, is_ = version.everything_before, version.everything
    if version.before is None:
        shown = {name: value for name, value in version.shown.items() if not name.startswith(("line ", "#"))}
        return f"{version.by} made it: {_changes(shown)}"
    changed = {
        path: is_.get(path) for path in sorted(was.keys() | is_.keys()) if was.get(path) != is_.get(path)
    }
    return f"{version.by} wrote {_changes(changed)}" if changed else f"{version.by} moved its balance"


def _edits(entry: Entry) -> list[tuple[float, fields.Fields]]:
    """Each with the fields that it changed."""
    edits, before = [], fields.Fields()
    for at, values in entry.values:
        changed = {name: value for name, value in values.items() if before.get(name) != value}
        edits.append((at, changed))
        before = values
    return edits


def _changes(values: fields.Fields) -> str:
    return ", ".join(f"{name} {value}" for name, value in list(values.items())[:12])


def _tries(entry: Entry) -> list[str]:
    """Where there is a product at hand."""
    if not has_app_context():
        return []
    rows = select(SyncTask.id).filter_by(kind=entry.kind, record_id=entry.id)
    return [evidence.history(row) for row in db.session.scalars(rows)]
