"""Text fields of every form: trimmed, with a limit that says how much fits."""

from typing import Any

from wtforms import Field, Form, StringField, ValidationError
from wtforms.validators import Email, Length

LONGEST_EMAIL = 254


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
