"""By what a record is looked for in QuickBooks while its Id there is not known: a name, a number or, where it has
neither, its day. The same key is read from what was sent and from what is found; whether what is found is ours is
another question (Kind.judge).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

# Inactive customers and items still hold their name (contract section 4.1); transactions have no Active.
INACTIVE_TOO = "Active IN (true, false)"


@dataclass(frozen=True)
class Identity:
    """The field to ask for, and how its values are compared. Where it is unique, QuickBooks takes no second record
    with the same value, and inactive records count too.
    """

    field: str
    key: Callable[[str], str] = str.casefold  # QuickBooks compares without case (contract section 2.6)
    is_unique: bool = False

    @property
    def also(self) -> str:
        """What widens a query, so that it finds every record; may be empty."""
        return INACTIVE_TOO if self.is_unique else ""

    def value(self, record: Mapping[str, Any]) -> str:
        """What a query has to ask for to find the record."""
        return str(record.get(self.field, ""))
