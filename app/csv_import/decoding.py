"""From an uploaded file's bytes to its records of cells."""

import csv
import re
from collections.abc import Iterator
from contextlib import suppress

from app.csv_import.rows import Problem

MAX_BYTES = 10 * 1024 * 1024
# A page shows all heads for each column of ours.
MAX_HEADS, MAX_HEAD_LENGTH = 200, 200
EMPTY = "This file is empty."
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class UnreadableFileError(ValueError):
    """The file cannot be read as CSV at all; the message is a sentence for the person who chose it."""


class UnreadableLineError(Exception):
    """One line cannot be read as CSV; `problem` says so."""

    def __init__(self, line: int, reason: csv.Error) -> None:
        message = f"This line cannot be read; check its quotation marks ({reason})."
        self.problem = Problem(line, None, message)


def decode(content: bytes) -> str:
    """UTF-8, with or without a byte order mark. Raises UnreadableFileError."""
    if len(content) > MAX_BYTES:
        raise UnreadableFileError("This file is too large. Files up to 10 MB can be imported.")
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableFileError(
            f"Line {line} has characters that are not UTF-8. In Excel, save as “CSV UTF-8 (Comma delimited)”."
        ) from None
    if "\0" in decoded:
        line = decoded[: decoded.index("\0")].count("\n") + 1
        raise UnreadableFileError(f"Line {line} has a NUL byte; this does not look like a text file.")
    _check_heads(decoded)
    return decoded


def _check_heads(content: str) -> None:
    """Of a first record that cannot be read, read_table tells. Commas alone are as little as nothing, and a
    spreadsheet may write many behind its last column.
    """
    heads = None
    with suppress(UnreadableLineError):
        _, heads = next(records(content), (1, []))
    if heads == []:
        raise UnreadableFileError(EMPTY)
    if (count := sum(bool(head.strip()) for head in heads or ())) > MAX_HEADS:
        raise UnreadableFileError(
            f"This file has {count:,} columns. Files of up to {MAX_HEADS} columns can be imported."
        )
    for place, head in enumerate(heads or (), 1):
        if len(head.strip()) > MAX_HEAD_LENGTH:
            raise UnreadableFileError(
                f"The name of column {place} is longer than {MAX_HEAD_LENGTH} characters. "
                "The first row must name the columns."
            )


def heads_of(content: str) -> list[str]:
    """The first row that is not blank; none where there is none, or where it cannot be read."""
    return [head.strip() for head in next(readable(content), [])]


def readable(content: str) -> Iterator[list[str]]:
    """The cells of each record that is not blank, up to one that cannot be read, of which read_table tells."""
    with suppress(UnreadableLineError):
        for _, cells in records(content):
            yield cells


def records(content: str) -> Iterator[tuple[int, list[str]]]:
    """First line and cells of each record that is not blank; a record in quotes may span lines.

    Raises UnreadableLineError. A StringIO would hold the text again, at four bytes a character.
    """
    reader = csv.reader((line[0] for line in _LINE.finditer(content)), strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableLineError(start, error) from error
