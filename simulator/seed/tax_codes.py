"""A tax code as a seeded company has it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tax:
    """A tax code, its rates in percent, and the place where an automatic engine applies it."""

    name: str
    rates: tuple[tuple[str, str], ...]
    place: str = ""
