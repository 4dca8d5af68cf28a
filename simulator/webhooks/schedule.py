"""When a notification that was not acknowledged is sent again."""

from collections.abc import Iterator
from itertools import chain, repeat

MINUTE, HOUR = 60, 3600
PUBLISHED = (10, 20, 30, 5 * MINUTE, 20 * MINUTE, 2 * HOUR, 4 * HOUR, 6 * HOUR)


def delays() -> Iterator[int]:
    """Seconds to wait after each failure, without an end."""
    return chain(PUBLISHED, repeat(6 * HOUR))
