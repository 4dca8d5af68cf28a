"""The words and marks of a statement in the query language, one after the other (contract section 2.6)."""

import re

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
END = ("end", "")


class Tokens:
    """A statement, read from left to right. A token is its kind (a group of TOKEN) and its text."""

    def __init__(self, statement: str) -> None:
        """Raises 4000 where the statement has something that is no token."""
        self._tokens, self._position = _split(statement), 0

    def peek(self) -> tuple[str, str]:
        return self._tokens[self._position] if self._position < len(self._tokens) else END

    def next(self) -> tuple[str, str]:
        token = self.peek()
        self._position += 1
        return token

    def take(self, kind: str) -> str:
        """The text of the next token, which must be of this kind."""
        found, value = self.next()
        if found != kind:
            raise self.refused()
        return value

    def take_mark(self, mark: str) -> None:
        if self.next() != ("punctuation", mark):
            raise self.refused()

    def take_word(self, word: str) -> None:
        if not self.skip_word(word):
            raise self.unexpected()

    def skip_word(self, word: str) -> bool:
        """Whether the word came next; then the reading goes on behind it."""
        kind, value = self.peek()
        found = kind == "word" and value.upper() == word
        self._position += found
        return found

    def skip_comma(self) -> bool:
        found = self.peek() == ("punctuation", ",")
        self._position += found
        return found

    def refused(self) -> Fault:
        """The fault that points at the token taken last."""
        self._position -= 1
        return self.unexpected()

    def unexpected(self) -> Fault:
        """The fault that points at the token to come."""
        kind, value = self.peek()
        shown = "<EOF>" if kind == "end" else value
        return _unreadable(f'Encountered " <{kind.upper()}> "{shown} "" at line 1.')


def _split(statement: str) -> list[tuple[str, str]]:
    if TYPOGRAPHIC_QUOTES.search(statement):
        raise _unreadable("Lexical error: typographic quotation mark")
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


def _unreadable(detail: str) -> Fault:
    return fault("4000", f"QueryParserError: {detail}")
