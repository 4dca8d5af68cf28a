"""Which line of a sale was which before it was changed."""

from collections.abc import Sequence

from app.quickbooks.mapping.lines import DISCOUNT, SALES, Line, essence, facet


def pair(wanted: Sequence[Line], known: Sequence[Line]) -> list[Line | None]:
    """For each line of ours the one it was: the very same first, then of the same text, then of the same item."""
    partners: list[Line | None] = [None] * len(wanted)
    left = list(known)
    for alike in (same, _same_text, _same_item, _both_discounts):
        for place, mine in enumerate(wanted):
            if partners[place] is None:
                found = next((line for line in left if alike(mine, line)), None)
                if found is not None:
                    partners[place] = found
                    left.remove(found)
    return partners


def same(mine: Line, other: Line) -> bool:
    return bool(essence(mine) == essence(other))


def _same_text(mine: Line, other: Line) -> bool:
    is_one_kind = mine.get("DetailType") == other.get("DetailType")
    return bool(is_one_kind and mine.get("Description")) and (
        facet(mine, "description") == facet(other, "description")
    )


def _same_item(mine: Line, other: Line) -> bool:
    return SALES in mine and SALES in other and facet(mine, "item") == facet(other, "item")


def _both_discounts(mine: Line, other: Line) -> bool:
    return mine.get("DetailType") == other.get("DetailType") == DISCOUNT
