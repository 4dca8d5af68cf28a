"""The shape of an entry."""

import enum
from dataclasses import dataclass
from typing import Any


class Kind(enum.StrEnum):
    """Whose move it is (contract section 5)."""

    TRANSIENT = "transient"  # try again later by ourselves
    THROTTLED = "throttled"  # the company has to slow down
    OUTAGE = "outage"  # Intuit has trouble
    AUTHORIZATION = "authorization"  # an Owner has to connect again
    FIXABLE = "fixable"  # we can mend it and send again
    PERSON = "person"  # somebody has to change something
    OPERATOR = "operator"  # our own mistake or set-up; a person cannot mend it


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


@dataclass(frozen=True)
class Entry:
    """`sentence` and `remedy` may name {record}, {detail} and what the problem itself brings."""

    key: str
    kind: Kind
    sentence: str
    remedy: str

    def words(self, record: str = "This record", **details: Any) -> tuple[str, str]:
        """The sentence and the remedy, filled in. `detail` is QuickBooks' own text."""
        filling = _Blank(details, record=record)
        return self.sentence.format_map(filling).strip(), self.remedy.format_map(filling).strip()
