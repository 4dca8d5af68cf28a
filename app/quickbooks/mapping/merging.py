"""Our changes laid over QuickBooks' lines (contract sections 2.5 and 4.2).

QuickBooks takes all lines or none. So what goes there is its own lines, by their Ids, with what changed here laid
over them: a class, a service date, a description that somebody wrote on a line we did not touch stays.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.quickbooks.mapping.lines import (
    AMOUNTS,
    DISCOUNT,
    FACETS,
    LEFT_OUT,
    SALES,
    TEXT,
    Line,
    LineChange,
    changes_on,
    essence,
    facet,
    facet_agrees,
    going,
    key_of,
)
from app.quickbooks.mapping.pairing import pair, same

_DERIVED = (*AMOUNTS, "TaxInclusiveAmt", "DiscountRate", "DiscountAmt")  # they follow from the amount


@dataclass(frozen=True)
class Merged:
    """`lines` to send; `ours` to remember, with their Ids there; `changes` are what would be overwritten."""

    lines: list[dict[str, Any]]
    ours: list[dict[str, Any]]
    changes: list[LineChange]


def merge(
    wanted: Sequence[Line],
    sent: Sequence[Line] | None,
    before: Sequence[Line] | None,
    present: Sequence[Line],
    everything: bool = False,
) -> Merged:
    """`sent` is what we last sent, None when nobody knows; `before` what QuickBooks showed then, where it shows
    something else by now; `everything` writes all that is ours, and not only what changed here.
    """
    known = list(present) if sent is None else list(sent)
    merging = _Merging(present, before, everything or sent is None, is_known=sent is not None)
    partners = pair(wanted, known)
    for mine, partner in zip(wanted, partners, strict=True):
        merging.take(mine, partner)
    for line in known:
        if not any(line is partner for partner in partners):
            merging.drop(line)
    merging.changes += going(sent or (), merging.there, ())
    merging.take_theirs({key_of(line) for line in known} if sent is not None else set())
    return Merged(sorted(merging.lines, key=_is_discount), merging.ours, merging.changes)


class _Merging:
    """One merge under way: lines of theirs leave `there` as they find their place."""

    def __init__(
        self, present: Sequence[Line], before: Sequence[Line] | None, everything: bool, is_known: bool
    ) -> None:
        self.there = {key_of(line): line for line in present}
        self.was = {key_of(line): (place, line) for place, line in enumerate(before or (), 1)}
        self.everything, self.is_known, self.is_changed = everything, is_known, before is not None
        self.is_replaced = False  # a line that was taken out there was changed or taken out here too
        self.lines: list[dict[str, Any]] = []
        self.ours: list[dict[str, Any]] = []
        self.changes: list[LineChange] = []

    def take(self, mine: Line, partner: Line | None) -> None:
        """A line of ours; `partner` is the one that it was when it was last sent."""
        key = key_of(partner) if partner else ""
        theirs = self.there.pop(key, None)
        known_id = {"Id": partner["Id"]} if partner and "Id" in partner else {}
        if partner is not None and theirs is not None:
            self.ours.append({**mine, **known_id})
            self._lay_over(mine, partner, theirs, key)
        elif partner is not None and not self.everything and same(mine, partner):
            # They took it out, and we did not touch it.
            self.ours.append({**mine, **known_id, LEFT_OUT: True})
        else:
            self.ours.append({**mine, **known_id})
            self.lines.append(dict(mine))
            self.is_replaced |= partner is not None
            if key in self.was:
                self.changes.append(LineChange("removed", *self.was[key], {}))

    def drop(self, line: Line) -> None:
        """A line that went here."""
        self.is_replaced |= key_of(line) not in self.there

    def take_theirs(self, ours: set[str]) -> None:
        """What is left: lines that went here, by their keys in `ours`; and their own, which give way where they
        stand for a line that was replaced on both sides: it would be charged twice.
        """
        for key, theirs in self.there.items():
            if key in ours:
                if key in self.was and essence(theirs) != essence(self.was[key][1]):
                    self.changes += changes_on(FACETS, {}, theirs, self.was[key])
            elif not (self.everything or self.is_replaced) or theirs.get("DetailType") == TEXT:
                self.lines.append(dict(theirs))
            elif self.is_changed:
                self.changes.append(LineChange("added", 0, {}, theirs))

    def _lay_over(self, mine: Line, partner: Line, theirs: Line, key: str) -> None:
        written = [name for name in FACETS if self._is_written(mine, partner, theirs, name)]
        self.lines.append(_laid_over(mine, theirs, written))
        self.changes += changes_on(written, mine, theirs, self.was.get(key))

    def _is_written(self, mine: Line, partner: Line, theirs: Line, name: str) -> bool:
        if self.is_known and facet(mine, name) != facet(partner, name):
            return True
        return self.everything and not facet_agrees(mine, theirs, name)


def _laid_over(mine: Line, theirs: Line, written: Iterable[str]) -> dict[str, Any]:
    line, detail = dict(theirs), dict(theirs.get(SALES, {}))
    own = mine.get(SALES, {})
    for name in written:
        match name:
            case "description":
                line["Description"] = mine.get("Description", "")
            case "amount":
                line["Amount"] = mine["Amount"]
                for part in _DERIVED:
                    detail.pop(part, None)
                detail |= {part: own[part] for part in AMOUNTS if part in own}
            case "item":
                detail["ItemRef"] = own["ItemRef"]
            case "tax" if "TaxCodeRef" in own:
                detail["TaxCodeRef"] = own["TaxCodeRef"]
    # By our amount from now on, and no longer by their percentage.
    if "amount" in written and DISCOUNT in theirs:
        kept_parts = {part: value for part, value in theirs[DISCOUNT].items() if part != "DiscountPercent"}
        line[DISCOUNT] = kept_parts | mine.get(DISCOUNT, {})
    return line | ({SALES: detail} if SALES in theirs else {})


def _is_discount(line: Line) -> bool:
    return line.get("DetailType") == DISCOUNT
