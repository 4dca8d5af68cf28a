"""A document that names a test or a file of ours names one that exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`((?:tests|bench|app)/[\w/]+\.py)`")
IN_ITS_ROOM = re.compile(r"`([\w/]+/\w+\.py)`")
ROOMS = ("", "app", "app/quickbooks", "tests", "tests/quickbooks")
A_SIXTH_KIND = re.compile(r"## A kind of record\n.*?(?=\n## )", re.DOTALL)  # names what is not there yet


@pytest.mark.parametrize(
    "document",
    [
        "docs/architecture.md",
        "docs/security.md",
        "docs/operations.md",
        "docs/performance.md",
        "docs/scale.md",
    ],
)
def test_what_it_names_exists(document: str):
    named = NAMED.findall((ROOT / document).read_text(encoding="utf-8"))
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_what_the_architecture_names_within_a_room_exists():
    text = A_SIXTH_KIND.sub("", (ROOT / "docs/architecture.md").read_text(encoding="utf-8"))
    named = set(IN_ITS_ROOM.findall(text))
    assert len(named) > 50
    assert [path for path in named if not any((ROOT / room / path).exists() for room in ROOMS)] == []


def test_every_complaint_has_tests_that_exist():
    """docs/complaints.md: fifteen lines, each with the tests that show what is said there."""
    text = (ROOT / "docs/complaints.md").read_text(encoding="utf-8")
    lines = re.split(r"\n(?=\*\*\d+\. )", text)[1:]
    assert len(lines) == 15
    for line in lines:
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", line)
        assert named, line
        for path, test in named:
            assert f"def {test}(" in (ROOT / path).read_text(encoding="utf-8"), f"{path}::{test}"
