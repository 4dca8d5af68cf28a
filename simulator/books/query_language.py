"""The query language (contract section 2.6): parse a statement, refuse what QuickBooks refuses."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from simulator.faults import Fault, fault

TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>'(?:[^'\\]|\\.)*')
      | (?P<operator><=|>=|=|<|>)
      | (?P<punctuation>[(),*])
      | (?P<word>[A-Za-z_][\w.]*)
      | (?P<number>-?\d+(?:\.\d+)?)
    )""",
    re.VERBOSE,
)
TYPOGRAPHIC_QUOTES = re.compile("[\u2018-\u201f]")
COMPARISONS = {"=", "<", ">", "<=", ">="}
DEFAULT_ROWS, MOST_ROWS = 100, 1000
MOST_DIGITS = 18  # of a position; more rows than that nobody has
END = ("end", "")


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
    if TYPOGRAPHIC_QUOTES.search(statement):
        raise _unreadable("Lexical error: typographic quotation mark")
    return _Parser(_tokens(statement)).query()


def _tokens(statement: str) -> list[tuple[str, str]]:
    tokens, position = [], 0
    statement = statement.rstrip().rstrip(";").rstrip()
    while position < len(statement):
        match = TOKEN.match(statement, position)
        if match is None:
            raise _unreadable(
                f'Lexical error at line 1, column {position + 1}. Encountered: "{statement[position]}"'
            )
        tokens.append((str(match.lastgroup), match[str(match.lastgroup)]))
        position = match.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens, self._position = tokens, 0

    def query(self) -> Query:
        query = Query()
        self._keyword("SELECT")
        self._selection(query)
        self._keyword("FROM")
        query.entity = self._take("word")
        if self._is_keyword("WHERE"):
            query.conditions = self._conditions()
        self._order(query)
        self._page(query)
        if self._peek() != END:
            raise self._unexpected()
        return query

    def _selection(self, query: Query) -> None:
        """COUNT(*), everything, or a list of fields. A star among them means everything: `*, Sku`."""
        if self._is_keyword("COUNT"):
            for expected in "(*)":
                self._punctuation(expected)
            query.counts = True
            return
        names = [self._selected()]
        while self._peek() == ("punctuation", ","):
            self._next()
            names.append(self._selected())
        query.fields = () if "*" in names else tuple(names)

    def _selected(self) -> str:
        kind, value = self._next()
        if (kind, value) == ("punctuation", "*") or kind == "word":
            return value
        self._position -= 1
        raise self._unexpected()

    def _conditions(self) -> list[Condition]:
        conditions = [self._condition()]
        while self._is_keyword("AND"):
            conditions.append(self._condition())
        return conditions

    def _condition(self) -> Condition:
        name = self._take("word")
        kind, value = self._next()
        if kind == "operator" and value in COMPARISONS:
            return Condition(name, value, (self._value(),))
        if kind == "word" and value.upper() == "LIKE":
            return Condition(name, "LIKE", (self._value(),))
        if kind == "word" and value.upper() == "IN":
            return Condition(name, "IN", self._values())
        self._position -= 1
        raise self._unexpected()

    def _values(self) -> tuple[str, ...]:
        self._punctuation("(")
        values = [self._value()]
        while self._peek() == ("punctuation", ","):
            self._next()
            values.append(self._value())
        self._punctuation(")")
        return tuple(values)

    def _value(self) -> str:
        """A quoted text with backslash escapes, or a bare number, true or false."""
        kind, value = self._next()
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", value[1:-1])
        if kind == "number":
            return value
        if kind == "word" and value.lower() in ("true", "false"):
            return value.lower()
        self._position -= 1
        raise self._unexpected()

    def _order(self, query: Query) -> None:
        if self._is_keyword("ORDER"):
            self._keyword("BY")
        elif not self._is_keyword("ORDERBY"):
            return
        query.order.append(self._ordering())
        while self._peek() == ("punctuation", ","):
            self._next()
            query.order.append(self._ordering())

    def _ordering(self) -> tuple[str, bool]:
        name = self._take("word")
        if self._is_keyword("DESC"):
            return name, True
        self._is_keyword("ASC")
        return name, False

    def _page(self, query: Query) -> None:
        """Start and size, in either order: recorded the other way round."""
        for _ in range(2):
            if self._is_keyword("STARTPOSITION"):
                query.start = self._whole_number(1, None)
            elif self._is_keyword("MAXRESULTS"):
                query.rows = self._whole_number(1, MOST_ROWS)

    def _whole_number(self, lowest: int, highest: int | None) -> int:
        value = int(self._take("number").partition(".")[0][:MOST_DIGITS])
        if value < lowest:
            raise _invalid(f"value {value} is too small. Min allowed value is {lowest}.")
        if highest is not None and value > highest:
            raise _invalid(f"value {value} is too large. Max allowed value is {highest}.")
        return value

    def _keyword(self, word: str) -> None:
        if not self._is_keyword(word):
            raise self._unexpected()

    def _is_keyword(self, word: str) -> bool:
        kind, value = self._peek()
        found = kind == "word" and value.upper() == word
        self._position += found
        return found

    def _punctuation(self, mark: str) -> None:
        if self._next() != ("punctuation", mark):
            self._position -= 1
            raise self._unexpected()

    def _take(self, kind: str) -> str:
        found, value = self._next()
        if found != kind:
            self._position -= 1
            raise self._unexpected()
        return value

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._position] if self._position < len(self._tokens) else END

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        self._position += 1
        return token

    def _unexpected(self) -> Fault:
        kind, value = self._peek()
        shown = "<EOF>" if kind == "end" else value
        return _unreadable(f'Encountered " <{kind.upper()}> "{shown} "" at line 1.')


def _unreadable(detail: str) -> Fault:
    return fault("4000", f"QueryParserError: {detail}")


def _invalid(detail: str) -> Fault:
    return fault("4001", f"QueryValidationError: {detail}")
