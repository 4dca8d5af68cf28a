"""Which field is too long and by how much, and which character is refused."""

import pytest

from app.quickbooks.catalogue import problem
from app.quickbooks.catalogue.spoken import in_words

LENGTH = (
    "String length is longer than supported by specification. Min:0 Max:100 supported. Supplied length:{}"
)


@pytest.mark.parametrize(
    ("element", "field"), [("DisplayName", "name"), ("BillAddr.Line1", "street"), ("Unheard", "text")]
)
def test_a_text_that_is_too_long(element: str, field: str):
    told = in_words(LENGTH.format(1112), element)
    assert told == f"its {field} has 1,112 characters, 1,012 more than the 100 allowed"


def test_a_refused_character_is_shown_once():
    detail = "Invalid String : DisplayName contains invalid characters: Dubé <Fils> ☂ & \u200b<Co"
    assert in_words(detail, "DisplayName") == "its name has < > ☂ U+200B"


@pytest.mark.parametrize("detail", ["", "Max is 100.", "contains invalid characters: plain"])
def test_what_says_something_else_stays(detail: str):
    assert in_words(detail, "DisplayName") == detail


def test_the_row_says_it():
    sentence, _ = problem("too_long").words(
        "Customer Rivera", detail=LENGTH.format(112), element="DisplayName"
    )
    assert sentence == (
        "Customer Rivera has a text that is too long for QuickBooks: its name has 112 characters, 12 more than the "
        "100 allowed."
    )
