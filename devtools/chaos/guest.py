"""Whether we were a good guest: no write of ours may take away what a bookkeeper wrote, unless a person said so."""

from collections.abc import Iterator

from devtools.chaos import fields
from devtools.chaos.books import Books, Version
from devtools.chaos.diary import Entry
from devtools.chaos.registry import Registry
from devtools.chaos.said import Said
from devtools.chaos.story import story

# What a path in QuickBooks is called in fields.here; any other path is none of our business.
OURS = {
    "DisplayName": "name",
    "PrimaryEmailAddr.Address": "email",
    "PrimaryPhone.FreeFormNumber": "phone",
    "Notes": "notes",
    "BillAddr.Line1": "street",
    "BillAddr.City": "city",
    "BillAddr.CountrySubDivisionCode": "state",
    "BillAddr.PostalCode": "zip",
    "DocNumber": "number",
    "CustomerRef.value": "customer",
    "TxnDate": "date",
    "DueDate": "due",
    "PrivateNote": "notes",
    "SalesTermRef.value": "terms",
    "PaymentRefNum": "reference",
}


def overwritten(books: Books, registry: Registry, said: Said, checked: set[Version]) -> Iterator[str]:
    """In words. `checked` are the versions that were looked at before; it grows."""
    for where, versions in list(books.versions.items()):
        for version in versions:
            if version in checked:
                continue
            checked.add(version)
            if version.is_ours and version.before and version.after and not version.voids:
                entry = registry.holder(books.realm, where)
                yield from _taken_away(books, version, entry, said)


def _taken_away(books: Books, version: Version, entry: Entry | None, said: Said) -> Iterator[str]:
    was, is_ = version.everything_before, version.everything
    where, found = (version.kind, version.id), []
    for path in sorted(was.keys() | is_.keys()):
        if was.get(path) == is_.get(path):
            continue
        last = books.last_touch(where, path, version)
        if last is None or last.is_ours or _was_blank(last, path):
            continue
        if not _may(books, version, last, path, entry, said):
            found.append(f"{path} {was.get(path)!r} became {is_.get(path)!r}")
    if found:
        told = f"\n{story(entry, {where}, books, said)}" if entry else ""
        yield f"{entry or where}: {', '.join(found)}{told}"


def _was_blank(theirs: Version, path: str) -> bool:
    """They made the record, and never wrote anything there: filling it in takes nothing away. A field that they
    emptied counts as theirs.
    """
    return theirs.before is None and path not in theirs.everything


def _may(books: Books, version: Version, theirs: Version, path: str, entry: Entry | None, said: Said) -> bool:
    """A person said so after it was written there; or it was changed here after we had seen it."""
    if entry is None:
        return False
    if said.overwrite(entry, theirs.at, version.at):
        return True
    name = "lines" if path.startswith("Line[") else OURS.get(path)
    if name is None:
        return False
    seen = said.seen_at(books.realm, theirs)
    changed = [entry.changed_at(field) for field in entry.now if field == name or field.startswith("line ")]
    return seen is not None and any(at > seen for at in changed)


def is_there(books: Books, where: tuple[str, str]) -> bool:
    """And not void."""
    record = books.present(where)
    return record is not None and not fields.is_void(record)
