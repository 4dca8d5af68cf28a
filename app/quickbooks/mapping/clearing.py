"""What an update may empty in QuickBooks: only what we had filled in there ourselves.

A record that was in QuickBooks before us holds fields of the bookkeeper's own, and a sparse update erases
whatever it names with an empty value (contract section 2.5).
"""

from collections.abc import Collection
from typing import Any

from app.quickbooks.mapping import values


def filled_fields(body: dict[str, Any]) -> list[str]:
    """What a body fills in: for the link to remember once QuickBooks has taken it."""
    return sorted(values.filled(body))


def emptying_only(body: dict[str, Any], ours: Collection[str]) -> dict[str, Any]:
    """The body for an update: an empty field goes along only when it is one of `ours`."""
    kept = {*ours, *filled_fields(body)}
    return {key: value for key, value in body.items() if key in kept}
