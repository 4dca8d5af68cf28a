"""How long something lasts, in the words of a person: the largest unit alone."""

from datetime import timedelta

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


def shown(span: timedelta) -> str:
    """ "3 days", "1 hour"; less than a minute is "less than a minute"."""
    seconds = int(span.total_seconds())
    for name, length in _UNITS:
        if (number := seconds // length) >= 1:
            return f"{number:,} {name}{'' if number == 1 else 's'}"
    return "less than a minute"
