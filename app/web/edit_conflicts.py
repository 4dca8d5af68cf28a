"""Forms on what somebody else may change meanwhile: they ask once more before they are taken. Two ways to tell:

`FieldConflictForm` compares field by field, for a form that writes a record: what others changed elsewhere in it is
no conflict. `VersionConflictForm` compares one text, for a step that depends on a state: any change of it counts.
"""

from collections.abc import Callable, Collection
from hashlib import sha256
from typing import Any

from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import HiddenField

MEANWHILE = Markup(
    "Somebody {} since you opened this form, so nothing is saved yet. "
    'See <a href="{}" target="_blank">what it says now</a>, then save again to replace that with what is here.'
)


class FieldConflictForm:
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


class VersionConflictForm(FlaskForm):
    """`seen` holds the version of what the form speaks of, as it was when the form was shown."""

    seen = HiddenField()
    changed: str  # what to say of a conflict

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version = self.version()
        self.is_outdated = self.is_submitted() and self.seen.data not in ("", None, version)
        self.seen.data = version

    def version(self) -> str:
        """What the form speaks of, as it is now."""
        raise NotImplementedError

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        if self.is_outdated:
            self.form_errors.append(self.changed)
        return is_valid and not self.is_outdated


def _marks(stored: object) -> str:
    return " ".join(f"{name}:{_mark(value)}" for name, value in vars(stored).items())


def _mark(value: object) -> str:
    return sha256(repr(value).encode()).hexdigest()[:10]
