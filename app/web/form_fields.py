"""Text fields of every form: trimmed, with a limit that says how much fits."""

from typing import Any

from wtforms import StringField
from wtforms.validators import Length


def tidy(text: str | None) -> str:
    """As stored: browsers send CR LF for a line break."""
    return (text or "").strip().replace("\r\n", "\n")


def text_field(
    label: str, limit: int, *validators: Any, field: type[StringField] = StringField
) -> StringField:
    at_most = Length(max=limit, message=f"Use at most {limit} characters.")
    return field(label, validators=[*validators, at_most], filters=[tidy])
