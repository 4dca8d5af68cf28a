"""QuickBooks' books with all their versions: what each record showed when, and whose hand wrote it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from devtools.chaos import fields
from devtools.chaos.quickbooks import QuickBooks

Record = dict[str, Any]
Fields = dict[str, Any]
Where = tuple[str, str]  # QuickBooks' kind and Id


@dataclass(eq=False)
class Version:
    """One write, at real seconds. `before` is None for a new record, `after` is None for a deleted one.

    `is_forgotten`: we wrote it, and a restored database knows nothing of it.
    """

    at: float
    kind: str
    id: str
    by: str
    before: Record | None
    after: Record | None
    is_forgotten: bool = False

    @property
    def is_ours(self) -> bool:
        """What is forgotten is as good as a stranger's: it may not be overwritten unasked."""
        return self.by == "app" and not self.is_forgotten

    @cached_property
    def shown(self) -> Fields:
        return fields.there(self.kind, self.after) if self.after else {}

    @cached_property
    def shown_before(self) -> Fields:
        return fields.there(self.kind, self.before) if self.before else {}

    @cached_property
    def everything(self) -> Fields:
        return fields.flat(self.after) if self.after else {}

    @cached_property
    def everything_before(self) -> Fields:
        return fields.flat(self.before) if self.before else {}

    @property
    def voids(self) -> bool:
        return bool(
            self.after and fields.is_void(self.after) and not (self.before and fields.is_void(self.before))
        )


class Books:
    """Of one QuickBooks company; `refresh` brings what was written since."""

    def __init__(self, quickbooks: QuickBooks, realm: str) -> None:
        self._quickbooks, self.realm = quickbooks, realm
        self._last = 0
        self.versions: dict[Where, list[Version]] = defaultdict(list)
        self.newest: list[Where] = []  # in the order of their last write

    def refresh(self) -> None:
        for change in self._quickbooks.history(self.realm, self._last):
            self._last = change["number"]
            where = (change["kind"], change["id"])
            at = self._quickbooks.real_time(datetime.fromisoformat(change["time"]))
            self.versions[where].append(Version(at, *where, change["by"], change["before"], change["after"]))
            self.newest.append(where)

    def forget(self, since: float) -> int:
        """What we wrote since then is unknown to us. Returns how many versions."""
        self.refresh()
        lost = [
            one for versions in self.versions.values() for one in versions if one.is_ours and one.at > since
        ]
        for version in lost:
            version.is_forgotten = True
        return len(lost)

    def present(self, where: Where) -> Record | None:
        versions = self.versions.get(where)
        return versions[-1].after if versions else None

    def records(self, kind: str) -> Iterator[Record]:
        """Those that are there at present."""
        for where, versions in list(self.versions.items()):
            if where[0] == kind and versions[-1].after:
                yield versions[-1].after

    def made(self, kind: str) -> Iterator[Version]:
        """The first version of each record, also of those that are gone."""
        return (versions[0] for where, versions in self.versions.items() if where[0] == kind)

    def last_writer(self, where: Where, field: str, before: Version | None = None) -> Version | None:
        """Who gave a field (fields.there) its value; `before`: which it had when that version was written."""
        for version in reversed(self._until(where, before)):
            if version.shown.get(field) != version.shown_before.get(field) or version.before is None:
                return version
        return None

    def last_touch(self, where: Where, path: str, before: Version | None = None) -> Version | None:
        """The same for any path of the record (fields.flat)."""
        for version in reversed(self._until(where, before)):
            if version.everything.get(path) != version.everything_before.get(path) or version.before is None:
                return version
        return None

    def _until(self, where: Where, before: Version | None) -> list[Version]:
        versions = self.versions.get(where, [])
        return versions[: versions.index(before)] if before else versions
