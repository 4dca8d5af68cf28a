"""A form on a record that somebody else may save meanwhile: it asks before it overwrites their work."""

from collections.abc import Callable, Collection
from hashlib import sha256

from markupsafe import Markup
from wtforms import HiddenField

MEANWHILE = Markup(
    "Somebody {} since you opened this form, so nothing is saved yet. "
    'See <a href="{}" target="_blank">what it says now</a>, then save again to replace that with what is here.'
)


class SeenForm:
    """`seen` holds a short mark for each field of the record, as it was when the form was shown."""

    seen = HiddenField()
    form_errors: list[str]

    def look_at(self, stored: object) -> None:
        """`stored` is a dataclass: what the record holds now. A form that brings no marks compares nothing."""
        self._stored = stored
        if not self.seen.data:
            self.seen.data = _marks(stored)

    def would_overwrite(self, wanted: object, named: Callable[[Collection[str]], str], address: str) -> bool:
        """Whether `wanted` replaces what somebody else saved meanwhile. Then the form says what that was, once.

        `named` turns the fields into words, "changed the phone and the notes"; `address` is the record's page.
        """
        seen = dict(pair.partition(":")[::2] for pair in (self.seen.data or "").split())
        overwritten = {
            name
            for name, value in vars(self._stored).items()
            if seen.get(name, _mark(value)) != _mark(value) and getattr(wanted, name) != value
        }
        if overwritten:
            self.form_errors.append(MEANWHILE.format(named(overwritten), address))
            self.seen.data = _marks(self._stored)
        return bool(overwritten)


def _marks(stored: object) -> str:
    return " ".join(f"{name}:{_mark(value)}" for name, value in vars(stored).items())


def _mark(value: object) -> str:
    return sha256(repr(value).encode()).hexdigest()[:10]
