"""Where the reference data lies that may be read but not kept in this repository."""

from pathlib import Path
from typing import Any

import pytest

from simulator import exact_json

SHARED = Path(__file__).parents[3] / "shared"
RECORDED, FIELDS = SHARED / "recorded", SHARED / "qbo-fields.json"


def missing() -> list[str]:
    return [f"../shared/{path.name}" for path in (RECORDED, FIELDS) if not path.exists()]


def read(path: Path) -> Any:
    """Skips the test where the data is not there; conftest.py says so at the end of the run."""
    if not path.exists():
        pytest.skip(f"{path.name} is not at ../shared")
    return exact_json.loads(path.read_bytes())
