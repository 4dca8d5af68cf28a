"""Our records against QuickBooks' books: each exactly once and as it is here, but for what a bookkeeper changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.quickbooks.models import Connection, RemoteLink, SyncTask, TaskState
from devtools.chaos import fields, guest
from devtools.chaos.books import Books, Version, Where
from devtools.chaos.diary import KINDS, Diary, Entry
from devtools.chaos.registry import SUFFIX, Registry
from devtools.chaos.said import Said
from devtools.chaos.scene import Tenant, connection_of
from devtools.chaos.story import story

Ids = dict[tuple[str, int], str]
EXCUSED = (TaskState.ERROR, TaskState.SKIPPED)  # a person is asked, or has left it out


@dataclass
class Verdicts:
    """What is wrong, in words that name the company and the record."""

    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    mismatched: list[str] = field(default_factory=list)
    overwritten: list[str] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)


class Judge:
    def __init__(self, diary: Diary, registry: Registry, said: Said) -> None:
        self._diary, self._registry, self._said = diary, registry, said
        self._checked: set[Version] = set()
        self._told: set[str] = set()

    def look(self, tenant: Tenant, books: Books, verdicts: Verdicts) -> None:
        books.refresh()
        links, states, account = _integration(tenant)
        self._registry.linked.clear()
        for (kind, id_), remote_id in links.items():
            if entry := self._diary.of(kind, id_):
                self._registry.linked[books.realm, (entry.entity, remote_id)] = entry
        made = self._registry.made_for(books)
        found = Verdicts()
        company = Company(books, links, states, account, made, self._registry, self._said)
        for kind in KINDS:
            for entry in self._diary.entries(tenant.company_id, kind):
                company.judge(entry, found)
        for version in self._registry.strangers(books):
            found.duplicated.append(f"company {tenant.company_id}: {version.kind} {version.shown}: not ours")
        found.overwritten += guest.overwritten(books, self._registry, self._said, self._checked)
        for name, told in vars(found).items():
            getattr(verdicts, name).extend(one for one in told if self._is_new(one))

    def _is_new(self, told: str) -> bool:
        """What was told after an earlier trial is one wrong, however often it is looked at."""
        first_line = told.split("\n")[0]
        new = first_line not in self._told
        self._told.add(first_line)
        return new


@dataclass
class Company:
    books: Books
    links: Ids
    states: dict[tuple[str, int], TaskState]
    account: str | None
    made: dict[Entry, list[Where]]
    registry: Registry
    said: Said

    def judge(self, entry: Entry, verdicts: Verdicts) -> None:
        alive = [where for where in self.made.get(entry, []) if guest.is_there(self.books, where)]
        link = self._linked(entry)
        is_asked = self.states.get((entry.kind, entry.id)) in EXCUSED
        if len(alive) > 1 or (alive and link and link not in alive and guest.is_there(self.books, link)):
            told = story(entry, {*alive, *filter(None, [link])}, self.books, self.said)
            verdicts.duplicated.append(f"{entry}: {len(alive)} times, linked to {link}\n{told}")
        maker = self.registry.maker(self.books.realm, link) if link else None
        if maker and maker is not entry and not self.said.any_of(entry, "link", "same"):
            told = story(entry, {*alive, *filter(None, [link])}, self.books, self.said)
            verdicts.mismatched.append(f"{entry}: linked to what was made for {maker}\n{told}")
        elif not is_asked:
            self._judge_standing(entry, link, alive, verdicts)

    def _judge_standing(
        self, entry: Entry, link: Where | None, alive: list[Where], verdicts: Verdicts
    ) -> None:
        if link is None or self.books.present(link) is None:
            if not (entry.now.get("void") and not alive) and not self._taken_there(link):
                told = story(entry, set(self.made.get(entry, [])), self.books, self.said)
                verdicts.lost.append(f"{entry}\n{told}")
            return
        if differing := list(self._differences(entry, link)):
            told = story(entry, {link}, self.books, self.said)
            verdicts.mismatched.append(f"{entry}: {', '.join(differing)}\n{told}")

    def _taken_there(self, link: Where | None) -> bool:
        """A bookkeeper deleted it."""
        versions = self.books.versions.get(link, []) if link else []
        return bool(versions) and versions[-1].after is None and not versions[-1].is_ours

    def _differences(self, entry: Entry, link: Where) -> Iterator[str]:
        """After the answer to use another name, that very name is expected there, until it changes here again."""
        last = self.books.versions[link][-1]
        wanted = dict(entry.now)
        if self.account and entry.kind in ("payment", "refund") and not wanted.get("void"):
            wanted["account"] = self.account
        for name, value in wanted.items():
            expected, present = self._resolved(value), last.shown.get(name)
            if name == "name" and self.said.any_of(entry, "name", after=entry.changed_at("name")):
                expected = f"{expected}{SUFFIX}"
            if present != expected and not self._is_theirs(entry, link, name, expected):
                yield f"{name} {present!r}, not {expected!r}"

    def _is_theirs(self, entry: Entry, link: Where, name: str, expected: Any) -> bool:
        """A bookkeeper wrote it last, after ours had arrived or because a person chose to leave to them what was
        here then. Any other answer sends ours, so it excuses nothing.
        """
        if expected == "" and self.said.any_of(entry, "link", after=entry.changed_at(name)):
            return True  # linking writes what is filled in here, and takes away nothing
        present = self.books.versions[link][-1].shown.get(name)
        if present and self.said.any_of(entry, "same", after=entry.changed_at(name)):
            return True  # of a customer under another spelling, only what is empty there is filled in
        if self.said.leaves(entry, name, after=entry.changed_at(name)):
            return True
        left = self.said.any_of(entry, "leave", after=entry.changed_at(name))
        if left and name == "void":  # asked before it was ended, because of something else that they changed
            return any(one.before and not one.is_ours for one in self.books.versions[link])
        linked = self.said.any_of(entry, "link", after=entry.changed_at("void"))
        # Of one that was linked when it was void here, only the void is sent.
        is_granted = left or (entry.now.get("void") and linked)
        if is_granted and self._their_write(link, name):
            return True
        by_id = fields.by_line_id(self.books.versions[link][-1].after or {}, name)
        return any(self._came_after_ours(entry, link, name, there, expected) for there in {name, by_id})

    def _came_after_ours(self, entry: Entry, link: Where, name: str, there: str, expected: Any) -> bool:
        """`there` is what the field is called in the books: a line may be found by its place, or by its Id."""
        theirs = self._their_write(link, there)
        if theirs is None:
            return False
        earlier = self.books.versions[link]
        arrived = any(one.shown.get(there) == expected for one in earlier[: earlier.index(theirs)])
        return arrived and entry.changed_at(name) < theirs.at

    def _their_write(self, link: Where, name: str) -> Version | None:
        """The one that gave a field its value; None when that was ours."""
        last = self.books.last_writer(link, "void" if self._voided_by_them(link) else name)
        return None if last is None or last.is_ours else last

    def _voided_by_them(self, link: Where) -> bool:
        return any(version.voids and not version.is_ours for version in self.books.versions[link])

    def _linked(self, entry: Entry) -> Where | None:
        remote_id = self.links.get((entry.kind, entry.id))
        return (entry.entity, remote_id) if remote_id else None

    def _resolved(self, value: Any) -> Any:
        """Our references as QuickBooks' Ids."""
        match value:
            case (str() as kind, int() as id_):
                return self.links.get((kind, id_), "nothing")
            case dict():
                return {self._resolved(key): amount for key, amount in value.items()}
            case _:
                return value


def _integration(tenant: Tenant) -> tuple[Ids, dict[tuple[str, int], TaskState], str | None]:
    """The present links, the rows' states, and the account for money."""
    connection: Connection = connection_of(tenant)
    links = db.session.scalars(select(RemoteLink).filter_by(connection_id=connection.id)).all()
    tasks = db.session.scalars(select(SyncTask).filter_by(connection_id=connection.id)).all()
    return (
        {(link.kind.value, link.record_id): link.remote_id for link in links},
        {(task.kind.value, task.record_id): task.state for task in tasks},
        connection.preferences.deposit_account_id,
    )
