"""How long something lasts: the largest unit alone."""

from datetime import timedelta

import pytest

from app.lib import ages


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ({"seconds": 59}, "less than a minute"),
        ({"seconds": 60}, "1 minute"),
        ({"minutes": 59, "seconds": 59}, "59 minutes"),
        ({"hours": 1}, "1 hour"),
        ({"hours": 47}, "1 day"),
        ({"days": 3, "hours": 5}, "3 days"),
    ],
)
def test_the_largest_unit(span: dict, words: str):
    assert ages.shown(timedelta(**span)) == words
