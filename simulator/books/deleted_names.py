"""The names of what was made inactive: " (deleted)" is appended, and numbered when that is taken too."""

import re
from collections.abc import Callable
from itertools import count

SUFFIX = re.compile(r" \(deleted(-\d+)?\)$")


def deleted_name(name: str, is_taken: Callable[[str], bool]) -> str:
    """The name to keep while inactive; one that has the suffix already stays."""
    if SUFFIX.search(name):
        return name
    numbered = (f"{name} (deleted-{number})" for number in count(2))
    candidates = iter([f"{name} (deleted)"])
    return next(free for source in (candidates, numbered) for free in source if not is_taken(free))


def restored_name(name: str) -> str:
    return SUFFIX.sub("", name)
