"""The design's variables keep their contrast in both schemes (WCAG 2.2: 1.4.3 text 4.5:1, 1.4.11 controls 3:1)."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "app" / "static"
DESIGN = (STATIC / "design.css").read_text(encoding="utf-8")
TONES = ("neutral", "waiting", "done", "late", "failed", "disputed")
GROUNDS = ("ground", "surface", "raised")

TEXT = [
    *((f"{tone}-ink", ground) for tone in TONES for ground in (f"{tone}-ground", "surface", "ground")),
    *((ink, ground) for ink in ("ink", "ink-muted", "ink-off", "link") for ground in GROUNDS),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
]
CONTROLS = [
    *((line, ground) for line in ("field-line", "focus") for ground in GROUNDS),
    *((f"{tone}-mark", "surface") for tone in TONES),
]


def variables(scheme: str) -> dict[str, str]:
    (block,) = re.findall(
        rf'^[^\n]*\[data-bs-theme="{scheme}"\] \{{\n(  --brand:.*?)\}}', DESIGN, re.M | re.S
    )
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    """WCAG's relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (CONTROLS, 3.0)], ids=["text", "controls"])
def test_what_must_be_told_apart(scheme: str, pairs: list[tuple[str, str]], least: float):
    colour = variables(scheme)
    weak = {
        pair: round(contrast(colour[pair[0]], colour[pair[1]]), 2)
        for pair in pairs
        if contrast(colour[pair[0]], colour[pair[1]]) < least
    }
    assert weak == {}


def test_both_schemes_know_the_same_names():
    assert variables("light").keys() == variables("dark").keys()


def test_no_other_sheet_has_a_colour_of_its_own():
    for sheet in STATIC.glob("*.css"):
        if sheet.name != "design.css":
            assert re.findall(r"#[0-9a-f]{3,8}\b(?=[;\s,)])", sheet.read_text(encoding="utf-8")) == [], (
                sheet.name
            )
