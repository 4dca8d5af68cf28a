"""Imports point down (docs/architecture.md): a door may know a rule, a rule never knows a door."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# From the ground up; a module may import from its own layer and those before it.
LAYERS = [
    ("lib", ["app.lib"]),
    (
        "foundation",
        [
            *("app.config", "app.production", "app.extensions", "app.patience", "app.shutdown"),
            *("app.folding", "app.long_lists", "app.job_threads", "app.job_progress", "app.nudges"),
        ],
    ),
    ("the HTTP kit", ["app.web"]),
    ("the schedule", ["app.schedule"]),
    (
        "accounts",
        ["app.accounts", "app.activity", "app.mail", "app.notifications", "app.csv_import", "app.csv_export"],
    ),
    ("customers", ["app.customers"]),
    ("invoices", ["app.invoices"]),
    ("the wire", ["app.quickbooks.api"]),
    ("what is remembered", ["app.quickbooks.models", "app.quickbooks.catalogue"]),
    ("translation", ["app.quickbooks.mapping"]),
    ("who we are there", ["app.quickbooks.account"]),
    ("what a thing is there", ["app.quickbooks.kinds"]),
    ("what waits", ["app.quickbooks.outbox"]),
    ("what is done in slices", ["app.quickbooks.runs"]),
    ("which of theirs may be ours", ["app.quickbooks.matching"]),
    ("how it goes", ["app.quickbooks.lane"]),
    (
        "what our words mean there, what a person asks for",
        ["app.quickbooks.meanings", "app.quickbooks.orders"],
    ),
    ("what is checked by itself", ["app.quickbooks.checks"]),
    (
        "what is shown and compared",
        ["app.quickbooks.pages", "app.quickbooks.tie_out", "app.quickbooks.rehearsal"],
    ),
    ("what people are told", ["app.quickbooks.notices"]),
    (
        "doors",
        [
            "app.quickbooks.cli",
            "app.quickbooks.jobs",
            "app.quickbooks.listeners",
            "app.quickbooks.forms",
            "app.quickbooks.views",
            "app.quickbooks",
            "app.demo",
            "app.design",
            "app.health",
            "app.help",
            "app.home",
            "app.cli",
            "app.keys",
            "app.error_pages",
            "app.security_headers",
            "app",
            "worker",
            "wsgi",
        ],
    ),
]
PRODUCT = (
    "accounts",
    "activity",
    "customers",
    "invoices",
    "mail",
    "notifications",
)  # rooms that know no QuickBooks
PLAIN_LIBRARIES_ONLY = {"app.lib": ("flask", "sqlalchemy"), "app.quickbooks.api": ("flask", "sqlalchemy")}


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders:
        root = ROOT / folder
        for path in sorted([root] if root.suffix else root.rglob("*.py")):
            dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield dotted, parsed(path)


@cache
def parsed(path: Path) -> ast.Module:
    """Read once for all the tests of this file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer_of(module: str) -> int:
    """By the longest prefix that names it."""
    fits = [
        (len(prefix), place)
        for place, (_, prefixes) in enumerate(LAYERS)
        for prefix in prefixes
        if module == prefix or module.startswith(prefix + ".")
    ]
    return max(fits)[1]


@pytest.mark.parametrize("top", ["app", "worker.py", "wsgi.py"])
def test_imports_point_down(top: str):
    upward = [
        f"{module} → {name}"
        for module, tree in modules(top)
        for name in imported(tree)
        if name.startswith("app.") and not _opens_the_rooms(module) and layer_of(name) > layer_of(module)
    ]
    assert upward == []


def test_every_room_has_its_layer():
    """A new room is placed on purpose: it does not pass for a door because `app` is one."""
    named = {prefix for _, prefixes in LAYERS for prefix in prefixes}
    rooms = {
        ".".join(module.split(".")[:depth])
        for module, _ in modules("app")
        for depth in (2, 3)
        if depth == 2 or module.startswith("app.quickbooks.")
    }
    assert sorted(room for room in rooms if not _is_placed(room, named)) == []


def _is_placed(room: str, named: set[str]) -> bool:
    return room in named or any(room.startswith(f"{prefix}.") for prefix in named - {"app", "app.quickbooks"})


def test_imports_are_absolute():
    relative = [
        module
        for module, tree in modules("app", "simulator", "devtools", "bench", "tests")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_no_room_goes_through_its_own_door():
    """What a package's __init__ offers is for others: inside, it is only half loaded."""
    through = [
        f"{module} → {name}"
        for module, tree in modules("app")
        for name in imported(tree)
        if module.startswith(f"{name}.")
    ]
    assert through == []


def _opens_the_rooms(module: str) -> bool:
    """A room's own __init__ registers its doors; create_app opens the rooms."""
    return module in ("app", *(f"app.{room}" for room in (*PRODUCT, "quickbooks", "health")))


@pytest.mark.parametrize("package", PLAIN_LIBRARIES_ONLY)
def test_what_must_not_know_flask_or_the_database_does_not(package: str):
    forbidden = [
        f"{module} → {name}"
        for module, tree in modules(package.replace(".", "/"))
        for name in imported(tree)
        if name.split(".")[0] in PLAIN_LIBRARIES_ONLY[package]
    ]
    assert forbidden == []


def test_the_product_does_not_know_the_integration():
    folders = [f"app/{room}" for room in (*PRODUCT, "csv_import", "web", "lib")]
    knowing = [
        module for module, tree in modules(*folders) for name in imported(tree) if "quickbooks" in name
    ]
    assert knowing == []


def test_app_and_simulator_meet_over_http_only():
    assert not [m for m, tree in modules("app") for name in imported(tree) if name.startswith("simulator")]
    assert not [
        m for m, tree in modules("simulator") for name in imported(tree) if name.split(".")[0] == "app"
    ]
