"""The simulator is a program of its own, and no two of its modules need each other."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in (ROOT / "simulator").rglob("*.py")
}


def imported(path: Path) -> set[str]:
    """Modules that a file names, those for type checkers included."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_no_two_modules_need_each_other() -> None:
    graph = {module: imported(path) & SOURCES.keys() - {module} for module, path in SOURCES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        raise AssertionError(" → ".join(circle.args[1])) from None


def test_it_imports_nothing_of_the_product_and_its_tests() -> None:
    foreign = {"app", "worker", "wsgi", "tests", "devtools", "bench"}
    assert {
        module: names
        for module, path in SOURCES.items()
        if (names := {name.split(".")[0] for name in imported(path)} & foreign)
    } == {}
