"""What a file must look like, and how every refusal names its line."""

import pytest

from app.csv_import.columns import Column, text
from app.csv_import.decoding import MAX_BYTES, UnreadableFileError, decode, heads_of
from app.csv_import.reading import read_table
from app.csv_import.rows import Problem

COLUMNS = (
    Column("number", text(5, required=True)),
    Column("name", text(10, required=True)),
    Column("notes", text(20), optional=True),
)


def problems(content: str) -> list[tuple[int, str | None, str]]:
    return [(p.line, p.column, p.message) for p in read_table(content, COLUMNS).problems]


def test_rows_carry_their_line_and_parsed_cells():

    table = read_table("Number , NAME\r\nA1, Bon app' \r\n,\r\nA2,Luleå\r\n", COLUMNS)
    assert [(row.line, row.cells) for row in table.rows] == [
        (2, {"number": "A1", "name": "Bon app'", "notes": ""}),
        (4, {"number": "A2", "name": "Luleå", "notes": ""}),
    ]
    assert table.problems == []


def test_a_quoted_cell_may_span_lines_and_the_next_row_keeps_its_line():
    table = read_table('number,name,notes\nA1,One,"first\nsecond"\nA2,,x\n', COLUMNS)
    assert table.rows[0].cells["notes"] == "first\nsecond"
    assert [(p.line, p.column) for p in table.problems] == [(4, "name")]


def test_every_bad_cell_is_listed_and_the_good_ones_of_its_row_remain():
    table = read_table("number,name\nA12345,\nA2,Two\n", COLUMNS)
    assert [(p.line, p.column, p.message) for p in table.problems] == [
        (2, "number", "This is 6 characters long; 5 fit."),
        (2, "name", "This cell must not be empty."),
    ]
    assert [row.cells for row in table.rows] == [{"notes": ""}, {"number": "A2", "name": "Two", "notes": ""}]


@pytest.mark.parametrize(
    ("header", "complaint"),
    [
        ("number", "The header lacks: name."),
        ("number,name,fax,", "The header has unknown columns: fax, (no name)."),
        ("number,name,number", "The header repeats: number."),
        ("number;name", "The header lacks: number, name."),
    ],
)
def test_a_wrong_header_is_named_and_its_rows_are_not_read(header: str, complaint: str):
    table = read_table(f"{header}\nA1,One\n", COLUMNS)
    assert Problem(1, None, complaint) in table.problems
    assert table.rows == []


@pytest.mark.parametrize(("row", "cells"), [("A1", 1), ("A1,One,x", 3)])
def test_a_row_with_too_few_or_too_many_cells(row: str, cells: int):
    assert problems(f"number,name\n{row}\n") == [(2, None, f"This row has {cells} cells; the header has 2.")]


def test_an_open_quote_is_reported_where_it_opens():
    found = problems('number,name\n,One\nA2,"Two\nA3,Three\n')
    assert [line for line, _, _ in found] == [2, 3]
    assert "quotation marks" in found[1][2]


def test_a_header_alone_is_not_an_import():
    assert problems("number,name\n\n") == [(1, None, "There are no rows below the header.")]


@pytest.mark.parametrize("content", ["", "\n", ",,\n , ,\n"])
def test_nothing_but_commas_is_no_table(content: str):
    assert heads_of(content) == []
    assert problems(content) == [(1, None, "This file is empty.")]


def test_a_first_line_that_cannot_be_read_is_not_nothing():
    content = ',,\n"number,name\n'
    assert decode(content.encode()) == content
    assert heads_of(content) == []
    assert "quotation marks" in problems(content)[0][2]


def test_rows_have_a_limit():
    table = read_table("number,name\n" + "A,B\n" * 100_001, COLUMNS)
    assert [(p.line, p.message) for p in table.problems] == [
        (100_002, "Only 100,000 rows fit in one import.")
    ]


def test_a_byte_order_mark_is_not_part_of_the_header():
    assert decode("number,name\n".encode("utf-8-sig")) == "number,name\n"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "This file is empty."),
        (b"\xef\xbb\xbf \r\n", "This file is empty."),
        (b",,,\n,,,\n", "This file is empty."),
        (b'"", \n""\n', "This file is empty."),
        ("number,name\nA1,Luleå\n".encode("latin-1"), "Line 2 has characters that are not UTF-8."),
        (b"number,name\nA1,O\0ne\n", "Line 2 has a NUL byte"),
        (b"x" * (MAX_BYTES + 1), "This file is too large."),
    ],
)
def test_files_that_are_not_text(content: bytes, complaint: str):
    with pytest.raises(UnreadableFileError, match=complaint):
        decode(content)
