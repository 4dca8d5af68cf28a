"""The topics, read once from topics.toml: a promise each, in the order in which an Owner meets them."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import request

PICTURES = Path(__file__).parent.parent / "static" / "help"


@dataclass(frozen=True)
class Picture:
    """A file of static/help, what it shows, and its size in CSS pixels (it has twice as many each way)."""

    name: str
    shows: str
    width: int
    height: int

    @classmethod
    def of(cls, slug: str, shows: str) -> "Picture":
        from PIL import Image

        with Image.open(PICTURES / f"{slug}.webp") as image:
            return cls(f"help/{slug}.webp", shows, image.width // 2, image.height // 2)


@dataclass(frozen=True)
class Topic:
    """`slug` is its address; `text` are its paragraphs, `steps` what to do, in order; `pages` are the endpoints of
    the pages that lead here, by the word `nick`.
    """

    slug: str
    title: str
    nick: str
    lead: str
    picture: Picture
    pages: frozenset[str]
    text: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


def of_this_page() -> list[Topic]:
    """What answers the questions that arise on the page that is being shown."""
    return [topic for topic in all_topics().values() if request.endpoint in topic.pages]


def _topic(slug: str, stored: dict[str, Any]) -> Topic:
    return Topic(
        slug,
        stored["title"],
        stored["nick"],
        stored["lead"],
        Picture.of(slug, stored["picture"]),
        frozenset(stored["pages"]),
        tuple(stored.get("text", ())),
        tuple(stored.get("steps", ())),
    )


@cache
def all_topics() -> dict[str, Topic]:
    """By slug. Read when first needed: a worker never shows them, and the pictures' sizes cost it 12 MB."""
    stored = tomllib.loads(Path(__file__).with_name("topics.toml").read_text(encoding="utf-8"))
    return {slug: _topic(slug, each) for slug, each in stored.items()}
