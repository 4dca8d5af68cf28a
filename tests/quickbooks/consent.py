"""Intuit's consent pages as a person goes through them: sign in, choose a company, Connect or Cancel."""

from html.parser import HTMLParser
from urllib.parse import urljoin

import requests


class _Form(HTMLParser):
    """The first form of a page: where it goes and what it carries hidden."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action, self.fields = None, {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form" and self.action is None:
            self.action = values.get("action", "")
        if tag == "input" and values.get("type") == "hidden":
            self.fields[values["name"]] = values.get("value", "")


def consent(authorize_url: str, realm: str, decision: str = "connect") -> str:
    """The address Intuit sends the browser back to."""
    browser = requests.Session()
    page = browser.get(authorize_url)
    page.raise_for_status()
    page = _submit(browser, page, email="olivia@harbor.example", password="secret")
    page = _submit(browser, page, realm=realm, decision=decision)
    return page.headers["Location"]


def _submit(browser: requests.Session, page: requests.Response, **typed: str) -> requests.Response:
    form = _Form(page.text)
    answer = browser.post(urljoin(page.url, form.action), data=form.fields | typed, allow_redirects=False)
    while (
        answer.is_redirect
        and "code=" not in answer.headers["Location"]
        and "error=" not in answer.headers["Location"]
    ):
        answer = browser.get(urljoin(answer.url, answer.headers["Location"]), allow_redirects=False)
    return answer
