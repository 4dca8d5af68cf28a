"""The topics, read once from topics.toml: a promise each, in the order in which an Owner meets them."""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Topic:
    """`slug` is its address; `text` are its paragraphs, `steps` what to do, in order."""

    slug: str
    title: str
    lead: str
    text: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


def _read() -> dict[str, Topic]:
    stored = tomllib.loads(Path(__file__).with_name("topics.toml").read_text(encoding="utf-8"))
    return {
        slug: Topic(
            slug, each["title"], each["lead"], tuple(each.get("text", ())), tuple(each.get("steps", ()))
        )
        for slug, each in stored.items()
    }


TOPICS = _read()
