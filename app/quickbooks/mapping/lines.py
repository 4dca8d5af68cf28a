"""Lines of a sale when both sides may have changed them (contract sections 2.5 and 4.2).

QuickBooks takes all lines or none. So what goes there is its own lines, by their Ids, with what changed here laid
over them: a class, a service date, a description that somebody wrote on a line we did not touch stays.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Line = Mapping[str, Any]

SALES, DISCOUNT, TEXT, SUBTOTAL = (
    "SalesItemLineDetail",
    "DiscountLineDetail",
    "DescriptionOnly",
    "SubTotalLineDetail",
)
_ITS_OWN = ("LineNum", "LineEx")  # QuickBooks counts and adds them itself
_AMOUNTS = ("Qty", "UnitPrice")
_DERIVED = (*_AMOUNTS, "TaxInclusiveAmt", "DiscountRate", "DiscountAmt")  # they follow from the amount
# What of a line may be ours, each written as a whole: QuickBooks insists on amount = quantity x price (6070).
LEFT_OUT = "LeftOut"  # on a line of ours that somebody took out there, and we let them
FACETS = ("description", "item", "amount", "tax")


@dataclass(frozen=True)
class LineChange:
    """What somebody did to a line of ours: `facet` of FACETS, or else `removed`, `added`; places from 1."""

    facet: str
    place: int
    before: Line
    after: Line


@dataclass(frozen=True)
class Merged:
    """`lines` to send; `ours` to remember, with their Ids there; `changes` are what would be overwritten."""

    lines: list[dict[str, Any]]
    ours: list[dict[str, Any]]
    changes: list[LineChange]


def kept(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Lines as the link remembers them: without the sum that QuickBooks adds (contract section 4.2)."""
    return [
        {key: value for key, value in line.items() if key not in _ITS_OWN} | _reference(line)
        for line in lines
        if line.get("DetailType") != SUBTOTAL
    ]


def plain(value: Any) -> Any:
    """Numbers are compared by their value, whatever their zeros; nothing is the same as an empty text."""
    if value is None:
        return ""
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return f"{Decimal(value).normalize():f}"
    return value


def facet(line: Line, name: str) -> Any:
    detail = line.get(SALES, {})
    match name:
        case "description":
            return plain(line.get("Description"))
        case "item":
            return detail.get("ItemRef", {}).get("value", "")
        case "amount":
            return [plain(line.get("Amount")), *(plain(detail.get(part)) for part in _AMOUNTS)]
        case _:
            return detail.get("TaxCodeRef", {}).get("value", "")


def essence(line: Line) -> Any:
    """What of a line we would overwrite; of a payment's line, what it is applied to."""
    if "LinkedTxn" in line and not line.get("DetailType"):
        return [plain(line.get("Amount")), *(link.get("TxnId") for link in line["LinkedTxn"])]
    return [line.get("DetailType", ""), *(facet(line, name) for name in FACETS)]


def agree(ours: Sequence[Line], theirs: Sequence[Line]) -> bool:
    """The same lines in the same order. Texts between them are theirs, and so is what we say nothing of."""
    present = [line for line in theirs if line.get("DetailType") not in (TEXT, SUBTOTAL)]
    return len(ours) == len(present) and all(
        _line_agrees(mine, other) for mine, other in zip(ours, present, strict=True)
    )


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
    for mine, partner in zip(wanted, _pair(wanted, known), strict=True):
        merging.take(mine, partner)
    merging.take_theirs({_key(line) for line in known} if sent is not None else set())
    return Merged(sorted(merging.lines, key=_is_discount), merging.ours, merging.changes)


class _Merging:
    """One merge under way: lines of theirs leave `there` as they find their place."""

    def __init__(
        self, present: Sequence[Line], before: Sequence[Line] | None, everything: bool, is_known: bool
    ) -> None:
        self.there = {_key(line): line for line in present}
        self.was = {_key(line): (place, line) for place, line in enumerate(before or (), 1)}
        self.everything, self.is_known, self.is_changed = everything, is_known, before is not None
        self.lines: list[dict[str, Any]] = []
        self.ours: list[dict[str, Any]] = []
        self.changes: list[LineChange] = []

    def take(self, mine: Line, partner: Line | None) -> None:
        """A line of ours; `partner` is the one that it was when it was last sent."""
        key = _key(partner) if partner else ""
        theirs = self.there.pop(key, None)
        known_id = {"Id": partner["Id"]} if partner and "Id" in partner else {}
        if partner is not None and theirs is not None:
            self.ours.append({**mine, **known_id})
            self._lay_over(mine, partner, theirs, key)
        elif partner is not None and not self.everything and _same(mine, partner):
            self.ours.append(
                {**mine, **known_id, LEFT_OUT: True}
            )  # they took it out, and we did not touch it
        else:
            self.ours.append({**mine, **known_id})
            self.lines.append(dict(mine))
            if key in self.was:
                self.changes.append(LineChange("removed", *self.was[key], {}))

    def take_theirs(self, ours: set[str]) -> None:
        """What is left: lines that went here, by their keys in `ours`; and their own."""
        for key, theirs in self.there.items():
            if key in ours:
                if key in self.was and essence(theirs) != essence(self.was[key][1]):
                    self.changes += _overwritten(FACETS, {}, theirs, self.was[key])
            elif not self.everything or theirs.get("DetailType") == TEXT:
                self.lines.append(dict(theirs))
            elif self.is_changed:
                self.changes.append(LineChange("added", 0, {}, theirs))

    def _lay_over(self, mine: Line, partner: Line, theirs: Line, key: str) -> None:
        written = [name for name in FACETS if self._is_written(mine, partner, theirs, name)]
        self.lines.append(_laid_over(mine, theirs, written))
        self.changes += _overwritten(written, mine, theirs, self.was.get(key))

    def _is_written(self, mine: Line, partner: Line, theirs: Line, name: str) -> bool:
        if self.is_known and facet(mine, name) != facet(partner, name):
            return True
        return self.everything and not _facet_agrees(mine, theirs, name)


def with_ids(ours: Sequence[Line], earlier: Sequence[Line], answered: Sequence[Line]) -> list[dict[str, Any]]:
    """Our lines with the Ids that QuickBooks gave to those that were new: they come in our order."""
    present = {line.get("Id") for line in answered if "Id" in line}
    known = {line.get("Id") for line in (*ours, *earlier)}
    fresh = [line for line in answered if line.get("Id") and line["Id"] not in known]
    numbered = []
    for line in ours:
        if line.get("Id") not in present and LEFT_OUT not in line:
            place = next(
                (n for n, new in enumerate(fresh) if new["DetailType"] == line.get("DetailType")), None
            )
            line = line if place is None else {**line, "Id": fresh.pop(place)["Id"]}
        numbered.append(dict(line))
    return numbered


def differences(before: Sequence[Line], after: Sequence[Line]) -> Iterator[LineChange]:
    """What somebody changed on lines, by their Ids."""
    there = {_key(line): line for line in after}
    for place, line in enumerate(before, 1):
        theirs = there.pop(_key(line), None)
        if theirs is None:
            yield LineChange("removed", place, line, {})
        else:
            yield from _overwritten(FACETS, {}, theirs, (place, line))
    for line in there.values():
        yield LineChange("added", 0, {}, line)


def _overwritten(
    written: Iterable[str], mine: Line, theirs: Line, was: tuple[int, Line] | None
) -> Iterator[LineChange]:
    """Of what is written on a line, what somebody changed to something else than ours."""
    if was is None:
        return
    place, line = was
    for name in written:
        is_changed = not _facet_agrees(line, theirs, name)
        if is_changed and not (mine and _facet_agrees(mine, theirs, name)):
            yield LineChange(name, place, line, theirs)


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
                detail |= {part: own[part] for part in _AMOUNTS if part in own}
            case "item":
                detail["ItemRef"] = own["ItemRef"]
            case "tax" if "TaxCodeRef" in own:
                detail["TaxCodeRef"] = own["TaxCodeRef"]
    if (
        "amount" in written and DISCOUNT in theirs
    ):  # by our amount from now on, and no longer by their percentage
        kept_parts = {part: value for part, value in theirs[DISCOUNT].items() if part != "DiscountPercent"}
        line[DISCOUNT] = kept_parts | mine.get(DISCOUNT, {})
    return line | ({SALES: detail} if SALES in theirs else {})


def _pair(wanted: Sequence[Line], known: Sequence[Line]) -> list[Line | None]:
    """For each line of ours the one it was: the very same first, then of the same text, then of the same item."""
    partners: list[Line | None] = [None] * len(wanted)
    left = list(known)
    for alike in (_same, _same_text, _same_item, _both_discounts):
        for place, mine in enumerate(wanted):
            if partners[place] is None:
                found = next((line for line in left if alike(mine, line)), None)
                if found is not None:
                    partners[place] = found
                    left.remove(found)
    return partners


def _same(mine: Line, other: Line) -> bool:
    return bool(essence(mine) == essence(other))


def _same_text(mine: Line, other: Line) -> bool:
    return bool(mine.get("Description")) and facet(mine, "description") == facet(other, "description")


def _same_item(mine: Line, other: Line) -> bool:
    return SALES in mine and SALES in other and facet(mine, "item") == facet(other, "item")


def _both_discounts(mine: Line, other: Line) -> bool:
    return mine.get("DetailType") == other.get("DetailType") == DISCOUNT


def _line_agrees(mine: Line, theirs: Line) -> bool:
    is_same_kind = mine.get("DetailType") == theirs.get("DetailType")
    if "LinkedTxn" in mine:
        return bool(essence(mine) == essence(theirs))
    return is_same_kind and all(_facet_agrees(mine, theirs, name) for name in FACETS)


def _facet_agrees(mine: Line, theirs: Line, name: str) -> bool:
    ours, present = facet(mine, name), facet(theirs, name)
    if name == "amount":
        return all("" in (part, other) or part == other for part, other in zip(ours, present, strict=True))
    return ours in ("", present) if name in ("tax", "item") else ours == present


def _key(line: Line) -> str:
    """A discount line has no Id of its own in every company."""
    return str(line.get("Id") or line.get("DetailType") or essence(line))


def _is_discount(line: Line) -> bool:
    return line.get("DetailType") == DISCOUNT


def _reference(line: Line) -> dict[str, str]:
    """Of a payment's line: the number of what it is applied to, out of the bulky block around it."""
    facts = [entry.get("value", {}) for entry in line.get("LineEx", {}).get("any", [])]
    number = next((fact.get("Value") for fact in facts if fact.get("Name") == "txnReferenceNumber"), None)
    return {"Reference": number} if number else {}
