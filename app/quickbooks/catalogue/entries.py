"""The shape of an entry."""

import enum
import textwrap
from dataclasses import dataclass
from string import Formatter
from typing import Any

from app.quickbooks.catalogue.spoken import in_words

DETAIL_LIMIT = 300  # the whole text stays in the item's history


class RefusalKind(enum.StrEnum):
    """Whose move it is (contract section 5)."""

    TRANSIENT = "transient"  # try again later by ourselves
    THROTTLED = "throttled"  # the company has to slow down
    OUTAGE = "outage"  # Intuit has trouble
    AUTHORIZATION = "authorization"  # an Owner has to connect again
    FIXABLE = "fixable"  # we can mend it and send again
    PERSON = "person"  # somebody has to change something
    OPERATOR = "operator"  # our own mistake or set-up; a person cannot mend it


class Who(enum.StrEnum):
    """Who can do something about it."""

    OFFICE = "office"
    OWNER = "owner"
    QUICKBOOKS = "quickbooks"
    SUPPORT = "support"
    ITSELF = "itself"

    @property
    def label(self) -> str:
        return WHO_LABELS[self]


WHO_LABELS = {
    Who.OFFICE: "Office",
    Who.OWNER: "Owner",
    Who.QUICKBOOKS: "In QuickBooks",
    Who.SUPPORT: "Support",
    Who.ITSELF: "Nobody: it follows by itself",
}


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


@dataclass(frozen=True)
class Entry:
    """`sentence` and `remedy` may name {record}, {detail} and what the problem itself brings."""

    key: str
    kind: RefusalKind
    sentence: str
    remedy: str
    beforehand: str = ""  # what to do about it while the invoice is not finalised
    title: str = "Stopped"  # of all records that stopped at it
    who: Who = Who.OFFICE

    def words(self, record: str = "This record", **details: Any) -> tuple[str, str]:
        """The sentence and the remedy, filled in. `detail` is QuickBooks' own text."""
        said = in_words(details.get("detail") or "", details.get("element") or "")
        filling = _Blank(details, record=record, detail=_as_sentence(said))
        return self.sentence.format_map(filling).strip(), self.remedy.format_map(filling).strip()

    def words_of_all(self) -> tuple[str, str]:
        """The same about each of many; empty where it names what differs between them."""
        return _of_each(self.sentence), _of_each(self.remedy)


def _of_each(text: str) -> str:
    if {name for _, name, _, _ in Formatter().parse(text) if name} - {"record"}:
        return ""
    filled = text.format(record="each of them")
    return filled[:1].upper() + filled[1:]


def _as_sentence(detail: str) -> str:
    """QuickBooks ends its texts in any way, or says nothing at all."""
    text = textwrap.shorten(detail, DETAIL_LIMIT, placeholder=" …") or "it gave no reason"
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
