"""Texts fit what QuickBooks takes and our columns hold, whatever somebody typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.quickbooks.mapping import contact, fields, values
from app.quickbooks.models import Item

texts = st.text(max_size=300)


@pytest.mark.parametrize(
    ("typed", "goes", "is_whole"),
    [
        ("(207) 555-0134", "(207) 555-0134", True),
        ("(207) 555-0134 ext. 4567", "2075550134x4567", True),
        ("+1 (207) 555-0134, Extension: 4567", "+12075550134x4567", True),
        ("+44 (0)20 7946 0958 #12345", "+442079460958x12345", True),
        ("(207) 555-0134 ext. 4567890123", "2075550134", False),
        ("(207) 555-0134 or (207) 555-0199", "2075550134", False),
        ("Unit 5: (207) 555-0134, ask Ann", "2075550134", False),
        ("207 555 0134 207 555 0199", "", False),  # nobody can say where one ends
        ("9" * 25, "", False),
        ("Call the office, please", "", False),
    ],
)
def test_a_phone_loses_signs_then_its_extension_and_never_a_digit(typed: str, goes: str, is_whole: bool):
    assert (values.phone(typed), values.is_whole_phone(typed)) == (goes, is_whole)
    assert values.phone(goes) == goes
    assert contact.digits(typed) == contact.digits(goes)
    assert fields.is_same("PrimaryPhone", {"FreeFormNumber": typed}, {"FreeFormNumber": goes})


@given(st.text(alphabet="0123456789 ()+-x#ext.", max_size=40))
def test_whatever_is_typed_as_a_phone_fits(text: str):
    assert len(values.phone(text)) <= values.PHONE_LIMIT
    assert values.phone(values.phone(text)) == values.phone(text)


@given(texts)
def test_a_name_is_one_line_without_levels_and_control_characters(text: str):
    name = values.name(text)
    assert len(name) <= values.NAME_LIMIT
    assert name == name.strip()
    assert not set(name) & set(":\t\r\n\x00\x07\x7f")
    assert values.name(name) == name


@given(texts)
def test_the_key_of_a_name_fits_its_column(text: str):
    assert len(values.name_key(text)) <= Item.__table__.c.name_key.type.length


def test_letters_that_fold_into_two_do_not_outgrow_the_key():
    assert len(values.name_key("ß" * 100)) == 100


@given(texts)
def test_a_name_and_what_quickbooks_keeps_of_it_have_one_key(text: str):
    assert values.name_key(values.item_name(text)) == values.name_key(text)


@given(texts, st.integers(1, 50))
def test_prose_keeps_its_lines_and_its_limit(text: str, limit: int):
    prose = values.prose(text, limit)
    assert len(prose) <= limit
    assert not set(prose) & set("\x00\x07\x7f")


def test_what_is_filled_in_counts_false_and_nought():
    assert values.filled({"a": "", "b": {"c": ""}, "d": False, "e": 0, "f": {"g": "x", "h": ""}}) == {
        "d": False,
        "e": 0,
        "f": {"g": "x"},
    }
