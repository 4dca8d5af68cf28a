"""Writing an event down: the one function every room calls."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import NamedTuple

from flask import has_request_context, request
from flask_login import current_user

from app.accounts.models import User
from app.activity.models import LONGEST_NAME, Activity, ActivityKind, Subject
from app.extensions import db
from app.lib import days, money

_acting: ContextVar[User | None] = ContextVar("acting", default=None)


@contextmanager
def acting(person: User) -> Iterator[None]:
    """A job does what this person asked for: it is noted as theirs."""
    token = _acting.set(person)
    try:
        yield
    finally:
        _acting.reset(token)


class Change(NamedTuple):
    """One field before and after, as a person reads it; see `change`."""

    what: str
    before: str
    after: str


def record(
    kind: ActivityKind,
    text: str,
    company_id: int,
    *,
    on: Subject | None = None,
    by: User | None = None,
    changes: Iterable[Change] = (),
    is_part: bool = False,
) -> None:
    """Write down that somebody did something, in the caller's transaction.

    The caller commits; what is rolled back was not done, and leaves no event.

    `text` goes on after the person's name, in the past tense and without a full stop: "changed the plan to Pro".
    It holds no password, token, code or QuickBooks id. `on` is the record; flush first, so that it has its id.
    `by` is the signed-in person unless given; give it where nobody is signed in yet. Outside a request there is
    no person and no address: the event is the clock's, or an operator's.
    `changes` holds money and days before and after. `is_part` keeps an event off the Activity page and on its
    record's own page: for the many that belong to one with a row of its own, such as the rows of an import.
    """
    person = by or _signed_in()
    db.session.add(
        Activity(
            company_id=company_id,
            kind=kind,
            text=text,
            user_id=person.id if person else None,
            address=(request.remote_addr or "")[:45] if has_request_context() else "",
            record_kind=on.kind if on else "",
            record_id=on.id if on else None,
            record_name=on.name[:LONGEST_NAME] if on else "",
            record_key=on.name.lower()[:LONGEST_NAME] if on else "",
            changes=[list(one) for one in changes],
            is_part=is_part,
        )
    )


def change(what: str, before: object, after: object, symbol: str = "") -> Change:
    """`symbol` is the currency's where the values are money. A Decimal without one is a plain number."""
    return Change(what, _shown(before, symbol), _shown(after, symbol))


def values_of(labels: Iterable[str], thing: object) -> SimpleNamespace:
    """These attributes as they are now, to be compared with `differences` after a write."""
    return SimpleNamespace(**{name: getattr(thing, name) for name in labels})


def differences(labels: Mapping[str, str], before: object, after: object) -> list[Change]:
    """The attributes among `labels` (words by attribute) in which the two differ."""
    return [
        change(words, getattr(before, name), getattr(after, name))
        for name, words in labels.items()
        if getattr(before, name) != getattr(after, name)
    ]


def edit_in_words(labels: Mapping[str, str], fields: Collection[str]) -> str:
    """What an edit of these fields is called; `labels` are words by field, some of which are the same."""
    *first, last = dict.fromkeys(words for field, words in labels.items() if field in fields)
    return f"changed {', '.join(first)} and {last}" if first else f"changed {last}"


def _shown(value: object, symbol: str) -> str:
    match value:
        case None | "":
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case Decimal() if symbol:
            return money.shown(value, symbol)
        case Decimal():
            return f"{value.normalize():f}"
        case date():
            return days.shown(value)
        case _:
            return str(getattr(value, "label", value))


def _signed_in() -> User | None:
    if person := _acting.get():
        return person
    return current_user if has_request_context() and current_user.is_authenticated else None
