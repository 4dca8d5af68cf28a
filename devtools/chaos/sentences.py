"""Whether what people were shown was true: each sentence against what happened in QuickBooks' books."""

import re
from collections import Counter

from sqlalchemy import select

from app.extensions import db
from app.quickbooks.models import RemoteLink, SyncTask
from devtools.chaos.books import Books, Version, Where
from devtools.chaos.diary import Entry
from devtools.chaos.said import Said
from devtools.chaos.story import story

NOBODY = "Nobody changed this invoice in QuickBooks"
SOMEBODY = "Somebody changed this invoice in QuickBooks"
DELETED = "deleted in QuickBooks"
VOIDED = "it was voided"
TAGS = re.compile(r"<[^>]+>")
PHRASE = re.compile(r"the ([a-z][a-z -]*?) from ")  # "the due date from Apr 1, 2026 to May 1, 2026"
UNSURE = " (or our change never arrived)"
SEPARATE = re.compile(r", (?=the [a-z]|line \d|a line was)")  # between one change and the next
ADDRESS = frozenset({"street", "city", "state", "zip"})
LINES = frozenset({"line", "total", "tax"})  # "line" stands for all that is on lines
LINES_DIFFER = re.compile(r'<tr class="is-different">\s*<th scope="row">Lines</th>')
LINE = re.compile(r"of line \d+ from |line \d+ \(.*?\) was removed|a line was added")
NAMED = {  # what sentences call a field, by QuickBooks' kind, and its name in fields.there
    **{
        ("Invoice", words): name
        for words, name in {
            "number": "number",
            "date": "date",
            "customer": "customer",
            "memo": "notes",
            "due date": "due",
            "terms": "terms",
            "total": "total",
            "tax": "tax",
        }.items()
    },
    **{
        ("Customer", words): name
        for words, name in {"name": "name", "e-mail": "email", "phone": "phone", "notes": "notes"}.items()
    },
    **{
        ("Payment", words): name
        for words, name in {
            "amount": "total",
            "customer": "customer",
            "date": "date",
            "reference": "reference",
            "invoice it is applied to": "for",
        }.items()
    },
    ("RefundReceipt", "total"): "total",
    ("RefundReceipt", "date"): "date",
}


class Sentences:
    """`books` of each company of ours, by its id."""

    def __init__(self, books: dict[int, Books], said: Said) -> None:
        self._books, self._said = books, said
        self.checked: Counter[str] = Counter()
        self.untrue: list[str] = []
        self._told: set[tuple[Entry, str]] = set()

    def check_row(self, entry: Entry, task: SyncTask) -> None:
        books = self._fresh(entry)
        where = _linked(entry, task.connection_id)
        is_true = {
            "remote_deleted": lambda: _was_deleted(books, where),
            "changed_in_quickbooks": lambda: bool(where and changed_so(books, where, entry, task.message)),
            "voided_in_quickbooks": lambda: bool(where and _voided_there(books, where)),
            "payment_voided_there": lambda: bool(where and _voided_there(books, where)),
            "name_taken_contradicts": lambda: self._is_taken(books, entry, where),
            "name_taken_linked": lambda: self._is_taken(books, entry, where),
            "name_taken_by_other": lambda: self._is_taken(books, entry, where),
            "doc_number_taken": lambda: self._is_taken(books, entry, where),
            "void_here_alone": lambda: self._is_taken(books, entry, where),
            "duplicate_number": lambda: self._is_taken(books, entry, where),
            "number_there_taken": lambda: bool(where and _shares_number(books, where)),
            "check_number_differs": lambda: _has_another_check(books, entry),
        }.get(task.problem)
        if is_true:
            self._judge(entry, task.problem, is_true(), task.message)

    def check_preview(self, entry: Entry, page: str) -> None:
        books, where = self._fresh(entry), _linked(entry)
        text = TAGS.sub("", page)
        if where is None:
            return
        if NOBODY in text:
            self._judge(entry, "preview: nobody changed", not _changed_there(books, where), NOBODY)
        elif SOMEBODY in text:
            told = said_of_changes(text)
            self._judge(entry, "preview: somebody changed", changed_so(books, where, entry, told), told)
        elif DELETED in text:
            self._judge(entry, "preview: deleted", _was_deleted(books, where), DELETED)

    def _judge(self, entry: Entry, what: str, is_true: bool, told: str) -> None:
        self.checked[what] += 1
        if not is_true:
            books, where = self._books[entry.company_id], _linked(entry)
            seen = story(entry, {where} if where else set(), books, self._said)
            if (entry, told) not in self._told:
                self._told.add((entry, told))
                self.untrue.append(f"{entry}: {told} ({what})\n{seen}")

    def _fresh(self, entry: Entry) -> Books:
        books = self._books[entry.company_id]
        books.refresh()
        return books

    def _is_taken(self, books: Books, entry: Entry, own: Where | None) -> bool:
        """Another record there has the name or number, or had it when we asked."""
        key = {"customer": "DisplayName", "invoice": "DocNumber"}[entry.kind]
        wanted = {_plain(name) for name in entry.known_as()}
        others = (versions for (kind, id_), versions in books.versions.items() if (kind, id_) != own)
        return any(
            _plain(str(one.after.get(key, ""))) in wanted
            for versions in others
            for one in versions
            if one.after and one.kind in (entry.entity, "Vendor", "Employee", "RefundReceipt")
        )


def _shares_number(books: Books, own: Where) -> bool:
    """Another document has, or had when we asked, the number that ours has there."""
    numbers = {str(one.after.get("DocNumber", "")) for one in books.versions[own] if one.after}
    others = (versions for where, versions in books.versions.items() if where != own)
    return any(one.after and one.after.get("DocNumber") in numbers for versions in others for one in versions)


def _has_another_check(books: Books, entry: Entry) -> bool:
    """Of the same amount and day, or it had been one when we asked."""
    return any(
        all(one.shown.get(name) == entry.now[name] for name in ("total", "date"))
        and one.shown.get("reference") != entry.now["reference"]
        for (kind, _), versions in books.versions.items()
        if kind == entry.entity
        for one in versions
    )


def _linked(entry: Entry, connection_id: int | None = None) -> Where | None:
    links = select(RemoteLink.remote_id).filter_by(kind=entry.kind, record_id=entry.id)
    if connection_id:
        links = links.filter_by(connection_id=connection_id)
    remote_id = db.session.scalar(links)
    return (entry.entity, remote_id) if remote_id else None


def _was_deleted(books: Books, where: Where | None) -> bool:
    versions = books.versions.get(where, []) if where else []
    return bool(versions) and versions[-1].after is None and not versions[-1].is_ours


def _voided_there(books: Books, where: Where) -> bool:
    return any(version.voids and not version.is_ours for version in books.versions[where])


def _changed_there(books: Books, where: Where) -> list[Version]:
    """The bookkeeper's versions since our last, payments apart."""
    since: list[Version] = []
    for version in reversed(books.versions[where]):
        if version.everything == version.everything_before:
            continue  # only a balance moved
        if version.is_ours:
            break
        since.append(version)
    return since


def said_of_changes(page: str) -> str:
    """The sentence of a preview that tells what somebody changed; empty where it tells nothing."""
    text = TAGS.sub("", page)
    return text[text.index(SOMEBODY) :].split("\n")[0] if SOMEBODY in text else ""


def left_by_the_page(kind: str, page: str) -> frozenset[str]:
    """What "Leave it" on a preview leaves though we wrote it last: what may never have arrived, and the lines where
    it shows that they differ. They are left or overwritten as one.
    """
    return unsure_fields(kind, said_of_changes(page)) | (LINES if LINES_DIFFER.search(page) else frozenset())


def unsure_fields(kind: str, told: str) -> frozenset[str]:
    """The fields of a QuickBooks kind of which a sentence says that our change may never have arrived."""
    found: set[str] = set()
    for phrase in SEPARATE.split(told):
        if UNSURE in phrase:
            found |= LINES if LINE.search(phrase) else set()
            for words in PHRASE.findall(phrase):
                found |= ADDRESS if words == "address" else {NAMED.get((kind, words), "")} - {""}
    return frozenset(found)


def changed_so(books: Books, where: Where, entry: Entry, told: str) -> bool:
    """Whether each field that the sentence names is of another's hand than ours; or, where it says that this may
    be so instead, what is here now was never written there.
    """
    if VOIDED in told:
        return _voided_there(books, where)
    unsure = unsure_fields(where[0], told)
    names = [NAMED[where[0], words] for words in PHRASE.findall(told) if (where[0], words) in NAMED]
    on_lines = bool(LINE.search(told))
    return (
        bool(names or on_lines or PHRASE.search(told))
        and all(
            _is_others(books, where, name) or (name in unsure and _never_arrived(books, where, entry, name))
            for name in names
        )
        and (not on_lines or _is_any_line_others(books, where) or "line" in unsure)
    )


def _never_arrived(books: Books, where: Where, entry: Entry, name: str) -> bool:
    """We wrote nothing there since the field was changed here."""
    return not any(one.is_ours and one.at > entry.changed_at(name) for one in books.versions[where])


def _is_any_line_others(books: Books, where: Where) -> bool:
    shown = {name for version in books.versions[where] for name in version.shown if name.startswith("line")}
    return any(_is_others(books, where, name) for name in shown)


def _is_others(books: Books, where: Where, name: str) -> bool:
    last = books.last_writer(where, name)
    return last is not None and not last.is_ours


def _plain(name: str) -> str:
    return name.casefold().replace("\u2019", "'").replace('"', "'")
