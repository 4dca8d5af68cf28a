"""A document that names a test or a file of ours names one that exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`((?:tests|bench|app)/[\w/]+\.py)`")


@pytest.mark.parametrize("document", ["docs/security.md", "docs/operations.md"])
def test_what_it_names_exists(document: str):
    named = NAMED.findall((ROOT / document).read_text(encoding="utf-8"))
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []
