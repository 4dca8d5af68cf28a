"""Fields of every form: texts that are trimmed and say how much fits, and rows that say how many do."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import abort
from wtforms import Field, FieldList, Form, StringField, ValidationError
from wtforms.fields.core import UnboundField
from wtforms.utils import unset_value
from wtforms.validators import Email, Length

LONGEST_EMAIL = 254
DIGITS = 6  # of a row's number: int() fails on 4,300


def tidy(text: str | None) -> str:
    """As stored: browsers send CR LF for a line break."""
    return (text or "").strip().replace("\r\n", "\n")


class EmailAddress(Email):
    """Looks at none that is too long: to normalize it could take minutes."""

    def __call__(self, form: Form, field: Field) -> None:
        if len(field.data or "") > LONGEST_EMAIL:
            raise ValidationError(self.message)
        super().__call__(form, field)


def text_field(
    label: str, limit: int, *validators: Any, field: type[StringField] = StringField
) -> StringField:
    at_most = Length(max=limit, message=f"Use at most {limit} characters.")
    return field(label, validators=[*validators, at_most], filters=[tidy])


class Rows(FieldList):
    """Rows of one kind that people add and remove, at most `most` of them; `full` is the sentence that says so.

    No page of ours sends more, but for a record that has more already. Each row costs a form, so they are counted
    before one is made.
    """

    refusal = ""  # stands beside the button that adds a row

    def __init__(self, row: UnboundField, *, most: int, full: str, **kwargs: Any) -> None:
        super().__init__(row, min_entries=1, **kwargs)
        self._most, self._full = most, full

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        stored = len(data) if isinstance(data, Sequence) else 0
        numbers = self._numbers(formdata or ())
        if len(numbers) > max(self._most, stored) or any(len(number) > DIGITS for number in numbers):
            abort(400)
        super().process(formdata, data, extra_filters)

    def add(self) -> bool:
        """Append a blank row, or say that no more fit."""
        if len(self.entries) >= self._most:
            self.refusal = self._full
            return False
        self.append_entry()
        return True

    def _numbers(self, formdata: Iterable[str]) -> set[str]:
        """Of the rows, as they are written."""
        start = f"{self.name}{self._separator}"
        names = (name.removeprefix(start) for name in formdata if name.startswith(start))
        return {name.partition(self._separator)[0] for name in names}
