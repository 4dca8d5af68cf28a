"""What can be imported: each room says how its file is checked and saved."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from app.accounts.models import Company
from app.csv_import.reading import Problem

Tell = Callable[[int, int], None]  # so many are written, of so many


def nobody(done: int, of: int) -> None:
    """To be told where nobody asks how far it is."""


class Found(Protocol):
    """What a file holds. When `problems` is empty, all of it can be saved as it is."""

    problems: list[Problem]


@dataclass(frozen=True)
class Room:
    """`name` is what is imported, its blueprint and its folder of templates: "customers".

    `check` reads a file's text and every reason not to import it; `save` writes what was found, tells how far it
    is, and returns how many records that were.
    """

    name: str
    check: Callable[[Company, str], Any]
    save: Callable[[Company, Any, Tell], int]


ROOMS: dict[str, Room] = {}


def register(room: Room) -> Room:
    ROOMS[room.name] = room
    return room
