"""The query language (contract section 2.6): parse a statement, refuse what QuickBooks refuses."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from simulator.books.query_tokens import END, Tokens
from simulator.faults import Fault, fault

COMPARISONS = {"=", "<", ">", "<=", ">="}
DEFAULT_ROWS, MOST_ROWS = 100, 1000
MOST_DIGITS = 18  # of a position; more rows than that nobody has


@dataclass(frozen=True)
class Condition:
    field: str
    operator: str  # one of COMPARISONS, IN, LIKE
    values: tuple[str, ...]


@dataclass
class Query:
    entity: str = ""
    counts: bool = False
    fields: tuple[str, ...] = ()  # none: all of them
    conditions: list[Condition] = field(default_factory=list)
    order: list[tuple[str, bool]] = field(default_factory=list)  # field, descending
    start: int = 1
    rows: int = DEFAULT_ROWS

    def spell(self, spelled: Callable[[str], str]) -> None:
        """Write every property as the entity spells it."""
        self.conditions = [replace(one, field=spelled(one.field)) for one in self.conditions]
        self.order = [(spelled(name), descending) for name, descending in self.order]
        self.fields = tuple(spelled(name) for name in self.fields)


def parse(statement: str) -> Query:
    """Raises 4000 for what cannot be read, 4001 for limits out of range."""
    return _Parser(Tokens(statement)).query()


class _Parser:
    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def query(self) -> Query:
        query = Query()
        self._tokens.take_word("SELECT")
        self._selection(query)
        self._tokens.take_word("FROM")
        query.entity = self._tokens.take("word")
        if self._tokens.skip_word("WHERE"):
            query.conditions = self._conditions()
        self._order(query)
        self._page(query)
        if self._tokens.peek() != END:
            raise self._tokens.unexpected()
        return query

    def _selection(self, query: Query) -> None:
        """COUNT(*), everything, or a list of fields. A star among them means everything: `*, Sku`."""
        if self._tokens.skip_word("COUNT"):
            for expected in "(*)":
                self._tokens.take_mark(expected)
            query.counts = True
            return
        names = [self._selected()]
        while self._tokens.skip_comma():
            names.append(self._selected())
        query.fields = () if "*" in names else tuple(names)

    def _selected(self) -> str:
        kind, value = self._tokens.next()
        if (kind, value) == ("punctuation", "*") or kind == "word":
            return value
        raise self._tokens.refused()

    def _conditions(self) -> list[Condition]:
        conditions = [self._condition()]
        while self._tokens.skip_word("AND"):
            conditions.append(self._condition())
        return conditions

    def _condition(self) -> Condition:
        name = self._tokens.take("word")
        kind, value = self._tokens.next()
        if kind == "operator" and value in COMPARISONS:
            return Condition(name, value, (self._value(),))
        if kind == "word" and value.upper() == "LIKE":
            return Condition(name, "LIKE", (self._value(),))
        if kind == "word" and value.upper() == "IN":
            return Condition(name, "IN", self._values())
        raise self._tokens.refused()

    def _values(self) -> tuple[str, ...]:
        self._tokens.take_mark("(")
        values = [self._value()]
        while self._tokens.skip_comma():
            values.append(self._value())
        self._tokens.take_mark(")")
        return tuple(values)

    def _value(self) -> str:
        """A quoted text with backslash escapes, or a bare number, true or false."""
        kind, value = self._tokens.next()
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", value[1:-1])
        if kind == "number":
            return value
        if kind == "word" and value.lower() in ("true", "false"):
            return value.lower()
        raise self._tokens.refused()

    def _order(self, query: Query) -> None:
        if self._tokens.skip_word("ORDER"):
            self._tokens.take_word("BY")
        elif not self._tokens.skip_word("ORDERBY"):
            return
        query.order.append(self._ordering())
        while self._tokens.skip_comma():
            query.order.append(self._ordering())

    def _ordering(self) -> tuple[str, bool]:
        name = self._tokens.take("word")
        if self._tokens.skip_word("DESC"):
            return name, True
        self._tokens.skip_word("ASC")
        return name, False

    def _page(self, query: Query) -> None:
        """Start and size, in either order: recorded the other way round."""
        for _ in range(2):
            if self._tokens.skip_word("STARTPOSITION"):
                query.start = self._whole_number(1, None)
            elif self._tokens.skip_word("MAXRESULTS"):
                query.rows = self._whole_number(1, MOST_ROWS)

    def _whole_number(self, lowest: int, highest: int | None) -> int:
        value = int(self._tokens.take("number").partition(".")[0][:MOST_DIGITS])
        if value < lowest:
            raise _invalid(f"value {value} is too small. Min allowed value is {lowest}.")
        if highest is not None and value > highest:
            raise _invalid(f"value {value} is too large. Max allowed value is {highest}.")
        return value


def _invalid(detail: str) -> Fault:
    return fault("4001", f"QueryValidationError: {detail}")
