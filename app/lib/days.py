"""Days as people write them."""

from datetime import date


def shown(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"
