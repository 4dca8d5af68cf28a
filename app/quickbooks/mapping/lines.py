"""Lines of a sale as both sides have them: what of a line is ours, and whether two lines agree (contract sections
2.5 and 4.2).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
AMOUNTS = ("Qty", "UnitPrice")
LEFT_OUT = "LeftOut"  # on a line of ours that somebody took out there, and we let them
# What of a line may be ours, each written as a whole: QuickBooks insists on amount = quantity x price (6070).
FACETS = ("description", "item", "amount", "tax")
THEIRS = ("service date", "class")  # what people write on a line there, and what goes when the line does


@dataclass(frozen=True)
class LineChange:
    """What somebody did to a line of ours: `facet` of FACETS or THEIRS, or `removed`, `added`; places from 1."""

    facet: str
    place: int
    before: Line
    after: Line


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
            return [plain(line.get("Amount")), *(plain(detail.get(part)) for part in AMOUNTS)]
        case "service date":
            return plain(detail.get("ServiceDate"))
        case "class":
            return detail.get("ClassRef", {}).get("value", "")
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
    there = {key_of(line): line for line in after}
    for place, line in enumerate(before, 1):
        theirs = there.pop(key_of(line), None)
        if theirs is None:
            yield LineChange("removed", place, line, {})
        else:
            yield from changes_on(FACETS, {}, theirs, (place, line))
    for line in there.values():
        yield LineChange("added", 0, {}, line)


def going(sent: Sequence[Line], theirs: Mapping[str, Line], staying: Collection[str]) -> Iterator[LineChange]:
    """What people wrote on lines of ours that go now: those whose key is not among the `staying`. `theirs` are the
    lines there by their keys.
    """
    for place, line in enumerate(sent, 1):
        key = key_of(line)
        if key in theirs and key not in staying:
            yield from changes_on(THEIRS, {}, theirs[key], (place, line))


def changes_on(
    written: Iterable[str], mine: Line, theirs: Line, was: tuple[int, Line] | None
) -> Iterator[LineChange]:
    """Of what is written on a line, what somebody changed to something else than ours."""
    if was is None:
        return
    place, line = was
    for name in written:
        is_changed = not facet_agrees(line, theirs, name)
        if is_changed and not (mine and facet_agrees(mine, theirs, name)):
            yield LineChange(name, place, line, theirs)


def _line_agrees(mine: Line, theirs: Line) -> bool:
    is_same_kind = mine.get("DetailType") == theirs.get("DetailType")
    if "LinkedTxn" in mine:
        return bool(essence(mine) == essence(theirs))
    return is_same_kind and all(facet_agrees(mine, theirs, name) for name in FACETS)


def facet_agrees(mine: Line, theirs: Line, name: str) -> bool:
    ours, present = facet(mine, name), facet(theirs, name)
    if name == "amount":
        return all("" in (part, other) or part == other for part, other in zip(ours, present, strict=True))
    return ours in ("", present) if name in ("tax", "item") else ours == present


def key_of(line: Line) -> str:
    """A discount line has no Id of its own in every company."""
    return str(line.get("Id") or line.get("DetailType") or essence(line))


def _reference(line: Line) -> dict[str, str]:
    """Of a payment's line: the number of what it is applied to, out of the bulky block around it."""
    facts = [entry.get("value", {}) for entry in line.get("LineEx", {}).get("any", [])]
    number = next((fact.get("Value") for fact in facts if fact.get("Name") == "txnReferenceNumber"), None)
    return {"Reference": number} if number else {}
