"""A person at a browser without script: reads pages, fills in forms, presses buttons."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import requests


class Form(HTMLParser):
    """One form of a page: where it goes and what its fields hold before anybody types."""

    def __init__(self, page: str, containing: str) -> None:
        """The first form whose markup names `containing` (an action or a field). Raises LookupError."""
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self._inside, self._select = False, ""
        for part in page.split("<form")[1:]:
            markup = "<form" + part.split("</form>")[0]
            if containing in markup:
                self.feed(markup)
                return
        raise LookupError(f"No form with {containing!r} on this page")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        name = values.get("name") or ""
        if tag == "form":
            self.action = values.get("action") or ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in values or self._select not in self.fields):
            self.fields[self._select] = values.get("value") or ""
        elif tag == "input" and name:
            self._input(name, values)

    def _input(self, name: str, values: dict[str, str | None]) -> None:
        if values.get("type") in ("checkbox", "radio") and "checked" not in values:
            return
        if values.get("type") not in ("submit", "file"):
            self.fields[name] = values.get("value") or ""


class WebBrowser:
    """Keeps cookies; every answer that is an error raises requests.HTTPError."""

    def __init__(self, start: str) -> None:
        self._session = requests.Session()
        self._start = start
        self.page: requests.Response

    def open(self, address: str) -> "WebBrowser":
        return self._arrive(self._session.get(urljoin(self._start, address), timeout=120))

    def submit(self, containing: str, file: Path | None = None, **typed: str) -> "WebBrowser":
        """Fill in the form that names `containing` and press its button."""
        form = Form(self.page.text, containing)
        files = {"file": (file.name, file.read_bytes(), "text/csv")} if file else None
        address = urljoin(self.page.url, form.action)
        return self._arrive(self._session.post(address, data=form.fields | typed, files=files, timeout=300))

    def _arrive(self, answer: requests.Response) -> "WebBrowser":
        answer.raise_for_status()
        self.page = answer
        return self
