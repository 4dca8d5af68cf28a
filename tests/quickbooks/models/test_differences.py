"""What differs is kept as data beside its words, and words of an earlier version are understood."""

import json
from datetime import UTC, datetime

import pytest

from app.quickbooks.models.answers import Question
from app.quickbooks.models.differences import Aspect, Difference
from app.quickbooks.models.left_different import LeftDifferent

FOUND = (Difference(Aspect.GONE, "no more"), Difference(Aspect.DUPLICATE, "two; of them"))
NUMBER = "number INV-7 here, 1044 in QuickBooks"
LEFT = {"at": "2026-03-02T12:00:00+00:00", "by": "Olivia"}


def test_a_question_keeps_what_was_found_whatever_the_words():
    stored = json.loads(json.dumps(Question.about("different_there", FOUND, "f1").to_json()))
    question = Question.from_json(stored)
    assert (question.differences, question.told) == (FOUND, "no more; two; of them")


def test_what_was_left_is_kept_whatever_the_words():
    left = LeftDifferent("Olivia", datetime(2026, 3, 2, 12, tzinfo=UTC), FOUND)
    stored = json.loads(json.dumps(left.to_json()))
    assert LeftDifferent.from_json(stored) == left
    assert stored == LEFT | {"fields": ["no more", "two; of them"], "aspects": ["gone", "duplicate"]}


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("deleted in QuickBooks", Aspect.GONE),
        ("2 invoices in QuickBooks have this number", Aspect.DUPLICATE),
        ("2 in QuickBooks have our mark", Aspect.DUPLICATE),
        (NUMBER, Aspect.OTHER),
    ],
)
def test_words_of_an_earlier_version_are_understood(text: str, aspect: Aspect):
    """Who answered a row left all that it told in one text."""
    said = (Difference(Aspect.OTHER, "lines"), Difference(aspect, text))
    assert LeftDifferent.from_json(LEFT | {"fields": [f"lines; {text}"]}).differences == said
    assert Question.from_json({"problem": "different_there", "told": f"lines; {text}"}).differences == said
