"""docs/simulator.md is held to its word: tests it names exist, codes and switches it lists are the real ones."""

import re
from pathlib import Path

from simulator.books.rules import Rules
from simulator.faults import MESSAGES
from simulator.scripts import EFFECTS
from simulator.switches import Switches

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "simulator.md").read_text()


def test_every_test_it_names_exists() -> None:
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", DOCUMENT))
    assert {name for name in named if f"def {name}(" not in tests} == set()


def test_it_sorts_every_known_code() -> None:
    section = DOCUMENT.split("## Error codes")[1].split("Some belong")[0]
    assert sorted(re.findall(r"\b\d{3,5}\b", section), key=int) == sorted(MESSAGES, key=int)


def test_codes_said_to_be_raised_are_raised_somewhere() -> None:
    section = DOCUMENT.split("Raised by their rules:")[1].split("Only by script")[0]
    source = "".join(
        path.read_text() for path in (ROOT / "simulator").rglob("*.py") if path.name != "faults.py"
    )
    source += (ROOT / "simulator" / "faults.py").read_text().split("class FaultError")[1]
    assert [code for code in re.findall(r"\b\d{3,5}\b", section) if f'"{code}"' not in source] == []


def test_it_names_every_switch_rule_and_effect() -> None:
    for name in [*vars(Switches()), *vars(Rules()), *EFFECTS]:
        assert f"`{name}`" in DOCUMENT, name
