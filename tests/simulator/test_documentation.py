"""docs/simulator.md is held to its word: tests it names exist, codes and switches it lists are the real ones."""

import re
from pathlib import Path

from simulator import exact_json
from simulator.books.rules import Rules
from simulator.fault_codes import MESSAGES
from simulator.scripts import EFFECTS
from simulator.switches import Switches
from tests.simulator_process import SimulatorProcess

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
        path.read_text() for path in (ROOT / "simulator").rglob("*.py") if path.name != "fault_codes.py"
    )
    assert [code for code in re.findall(r"\b\d{3,5}\b", section) if f'"{code}"' not in source] == []


def test_it_names_every_switch_rule_and_effect() -> None:
    for name in [*vars(Switches()), *vars(Rules()), *EFFECTS]:
        assert f"`{name}`" in DOCUMENT, name


RECIPE = re.compile(r"^(GET|POST|DELETE) (\S+)(?: (\{.*\}))?$", re.MULTILINE)


def test_its_recipes_work(simulator: SimulatorProcess) -> None:
    recipes = RECIPE.findall(DOCUMENT)
    assert len(recipes) > 20
    for method, path, body in recipes:
        simulator.control(method, path, exact_json.loads(body) if body else None)


def test_it_names_every_option_of_the_program() -> None:
    options = re.findall(r'"(--[a-z-]+)"', (ROOT / "simulator" / "__main__.py").read_text())
    assert [
        option for option in options if option not in DOCUMENT and f"--no-{option[2:]}" not in DOCUMENT
    ] == []
