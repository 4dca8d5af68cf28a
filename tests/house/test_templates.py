"""Pages obey the content security policy, and a fragment has one root."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask

TEMPLATES = Path(__file__).parents[2] / "app" / "templates"
EVERY = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
MAIL = [
    name for name in EVERY if "mail" in name.split("/")[:-1]
]  # read in a mail program, without our policy
PAGES = [name for name in EVERY if name not in MAIL]
FRAGMENTS = [name for name in PAGES if name.rsplit("/", 1)[-1].startswith("_")]
INLINE = re.compile(r"""\sstyle=|\son\w+=["']|<style|<script(?![^>]*\ssrc=)|javascript:|hx-on""")
OUTSIDE = re.compile(r"""(?:src|href)=["']https?://""")
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
EMPTY = {"input", "br", "img", "hr", "link", "meta", "path", "use"}


@pytest.mark.parametrize("name", PAGES)
def test_it_compiles_and_nothing_is_inline(app: Flask, name: str):
    app.jinja_env.get_template(name)
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    assert not INLINE.search(text)
    assert not OUTSIDE.search(text)


@pytest.mark.parametrize("name", EVERY)
def test_a_query_is_carried_on_by_query_link(name: str):
    """Spread into url_for, an argument that somebody called `endpoint` or `_scheme` breaks the page."""
    assert "**request." not in (TEMPLATES / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MAIL)
def test_mail_compiles_and_has_a_plain_text(app: Flask, name: str):
    """Pictures and scripts from outside are blocked by mail programs, or tell on the reader."""
    app.jinja_env.get_template(name)
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    assert not re.search(r"<script|<img|\son\w+=|src=", text)
    if not Path(name).name.startswith("_"):
        app.jinja_env.get_template(name.replace(".html", ".txt"))


class _Roots(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.depth, self.roots = 0, 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if self.depth == 0:
            self.roots += 1
        if tag not in EMPTY:
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        if tag not in EMPTY:
            self.depth -= 1


@pytest.mark.parametrize("name", FRAGMENTS)
def test_a_fragment_has_one_root_element(name: str):
    parser = _Roots()
    parser.feed(JINJA.sub("", (TEMPLATES / name).read_text(encoding="utf-8")))
    assert parser.roots == 1
    assert parser.depth == 0
