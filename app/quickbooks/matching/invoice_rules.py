"""Is an invoice in QuickBooks the one that was written here? By number, customer, total and date. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

PARTS = ("number", "customer", "total", "date")
ENOUGH = 3  # of the four; with the number, one of these besides
BESIDES = frozenset({"customer", "total"})


@dataclass(frozen=True)
class Bill:
    """An invoice on either side. `customers` are what tells its customer: the Id there, as far as it is known, and
    a key of the name; two bills have the same customer when one of them is the same.
    """

    id: str
    number: str
    customers: frozenset[str]
    total: Decimal
    day: date
    is_void: bool = False

    def same(self, other: "Bill") -> frozenset[str]:
        """The parts that are the same. A void one has no total there."""
        equal = (
            bool(self.number) and self.number.casefold() == other.number.casefold(),
            bool(self.customers & other.customers),
            self.is_void or self.total == other.total,
            self.day == other.day,
        )
        return frozenset(part for part, is_equal in zip(PARTS, equal, strict=True) if is_equal)


@dataclass(frozen=True)
class Pair:
    """`reason` says what is the same and what is not; empty when all four are the same."""

    ours: str
    theirs: str
    reason: str


class OurBills:
    """Our bills by what is looked for first, so that no bill of QuickBooks is compared with all of them."""

    def __init__(self, ours: Iterable[Bill]) -> None:
        self._by_number: dict[str, list[Bill]] = defaultdict(list)
        self._by_money: dict[tuple[Decimal, date], list[Bill]] = defaultdict(list)
        for bill in ours:
            self._by_number[bill.number.casefold()].append(bill)
            self._by_money[bill.total, bill.day].append(bill)

    def like(self, theirs: Bill) -> Iterator[tuple[Bill, frozenset[str]]]:
        """Those that may be this one, and what is the same."""
        near = {bill.id: bill for bill in self._by_number.get(theirs.number.casefold(), ())}
        near |= {bill.id: bill for bill in self._by_money.get((theirs.total, theirs.day), ())}
        for bill in near.values():
            same = bill.same(theirs)
            if bill.is_void == theirs.is_void and _is_enough(same):
                yield bill, same


def pairs(ours: Iterable[Bill], theirs: Iterable[Bill]) -> list[Pair]:
    """Each bill once, with the one that is likest to it."""
    known = OurBills(ours)
    found = [(bill, other, same) for other in theirs for bill, same in known.like(other)]
    found.sort(key=lambda one: (-len(one[2]), "number" not in one[2], one[0].id, one[1].id))
    chosen: list[Pair] = []
    taken: set[tuple[str, str]] = set()
    for bill, other, same in found:
        if not {("here", bill.id), ("there", other.id)} & taken:
            taken |= {("here", bill.id), ("there", other.id)}
            chosen.append(Pair(bill.id, other.id, _reason(same)))
    return chosen


def _is_enough(same: frozenset[str]) -> bool:
    return len(same) >= ENOUGH or ("number" in same and bool(same & BESIDES))


def _reason(same: frozenset[str]) -> str:
    different = [part for part in PARTS if part not in same]
    if not different:
        return ""
    return f"same {_listed([part for part in PARTS if part in same])}, another {_listed(different)}"


def _listed(parts: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
