"""What is proposed while somebody types the item of an invoice line. Nobody is asked."""

from collections.abc import Collection

from app.quickbooks.kinds.item import known_names
from app.quickbooks.mapping.values import name_key
from app.quickbooks.meanings import listed_items

MOST = 100  # of a long list: typing finds the rest


def items(connection_id: int, typed: str, used: Collection[str]) -> list[str]:
    """The first names that contain what is typed, without those used before. What we sent is proposed even where
    the list of QuickBooks' names was never read.
    """
    limit = MOST + len(used)
    found = known_names(connection_id, typed, limit) | listed_items.names_with(connection_id, typed, limit)
    keys = sorted(found.keys() - {name_key(name) for name in used})
    return [found[key] for key in keys[:MOST]]
