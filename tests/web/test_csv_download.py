"""A CSV file that any spreadsheet opens as it was meant."""

import csv
import io
from decimal import Decimal

import pytest

from app.web.csv_download import csv_download


def body(*cells) -> str:
    answer = csv_download("list", ["A"], [cells])
    return answer.data.decode("utf-8-sig").splitlines()[1]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("Rivera HVAC", "Rivera HVAC"),
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("-5", "'-5"),
        ("@sum", "'@sum"),
        ("\t=1", "'\t'=1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("\uff0b1", "'\uff0b1"),
        ("\uff0d1", "'\uff0d1"),
        ("\uff20sum", "'\uff20sum"),
        ("  =1+1", "'  =1+1"),
        ("\u00a0\u3000=1+1", "'\u00a0\u3000=1+1"),
        ("\ufeff=1+1", "'\ufeff=1+1"),
        ("  Rivera", "  Rivera"),
        ("a = b", "a = b"),
        (Decimal("-1234.50"), "-1234.50"),
        (Decimal("1E+3"), "1000"),
        (12, "12"),
        ("a,b", '"a,b"'),
        ("Zoë", "Zoë"),
    ],
)
def test_cells(cell, written: str):
    assert body(cell) == written


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("a;=1+1", "a;'=1+1"),
        ("a; =1+1", "a; '=1+1"),
        ('a;"=1+1;', "a;\"'=1+1;"),
        ("a;@sum", "a;'@sum"),
        ("a\t=1+1", "a\t'=1+1"),
        ("a\n=1+1", "a\n'=1+1"),
        ("a\r\n=1+1", "a\r\n'=1+1"),
        ("a;\uff1d1+1", "a;'\uff1d1+1"),
        ("a;-cmd|' /C calc'!A0", "a;'-cmd|' /C calc'!A0"),
        ("a;+WEBSERVICE(B1);", "a;'+WEBSERVICE(B1);"),
        ("a;=1;=2", "a;'=1;'=2"),
        ("=a;=1", "'=a;'=1"),
        ("a;-1", "a;'-1"),  # ",5+cmd|…" may be in the next cell
    ],
)
def test_a_spreadsheet_that_splits_at_semicolons_calculates_nothing(cell: str, written: str):
    """As it splits the file: at each semicolon, tab and line break, whatever is quoted."""
    answer = csv_download("list", ["A"], [[cell]])
    (row,) = csv.reader(io.StringIO(answer.data.decode("utf-8-sig").partition("\r\n")[2]))
    assert row == [written]


@pytest.mark.parametrize(
    "cell",
    [
        "Furnace\n- cleaned\n- tested, no leak",
        "total: -$5.00; balance: -$5.00",
        "Paid; -$5.00; by check",
        "Shop; +1 503 555 0134; ask for Rosa",
        "Gate code 4711; ring twice",
        "a;b = c",
    ],
)
def test_ordinary_notes_stay_as_they_are(cell: str):
    answer = csv_download("list", ["A"], [[cell]])
    (row,) = csv.reader(io.StringIO(answer.data.decode("utf-8-sig").partition("\r\n")[2]))
    assert row == [cell]


def test_nothing_is_an_empty_cell():
    assert body("a", None, "b") == "a,,b"


def test_it_is_a_file_to_keep_with_the_mark_that_excel_reads():
    answer = csv_download("list", ["A", "B"], [])
    assert answer.data == "\ufeffA,B\r\n".encode()
    assert answer.headers["Content-Disposition"] == "attachment; filename=list.csv"
