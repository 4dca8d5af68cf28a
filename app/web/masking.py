"""What a log may hold of an address: no query, and no long part of a path, which is a link's secret."""

import re

SECRET = re.compile(r"[^/]{25,}")  # ids and names of pages are shorter
SECRET_IN_TEXT = re.compile(r"[^/\s]{25,}")
QUERY = re.compile(r"\?\S*")


def shown_path(path: str) -> str:
    return SECRET.sub("…", path)


def shown_text(text: str) -> str:
    """Of a text that holds an address."""
    return SECRET_IN_TEXT.sub("…", QUERY.sub("", text))
