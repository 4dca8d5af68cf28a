"""Texts fit what QuickBooks takes and our columns hold, whatever somebody typed."""

from hypothesis import given
from hypothesis import strategies as st

from app.quickbooks.mapping import values
from app.quickbooks.models import Item

texts = st.text(max_size=300)


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
