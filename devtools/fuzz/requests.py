"""What a crafted request looks like: a real page's address and fields, with some of them made strange."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask
from werkzeug.routing import Rule

STRANGE = (
    *("", " ", "\t", "\r\n", "0", "-1", "²", "٣", "1e999", "NaN", "Infinity", "9" * 40, "2147483648"),
    *(
        "true",
        "y",
        "null",
        "[]",
        "{}",
        "%",
        "%00",
        "%ff",
        "\\",
        "'",
        '"',
        "<b>",
        "{{7*7}}",
        "../../etc/passwd",
    ),
    *("0001-01-01", "9999-12-31", "2026-02-30", "2026-13", "0000-00", "2026-3", "-0001-01", "99999-01-01"),
    *("http://[", "//[::1", "////evil.example", "https://evil.example/", "/\\evil.example", "http://\u2100"),
    *("🎈", "/🎈", "a\r\nX-Evil: 1", "/a\r\nb", "\ufeff", "\u202e", "é", "\uff1d1+1", "x" * 300, "x" * 5000),
    *("free", "pro", "invoice", "customer", "item", "payment", "owner", "void", "draft", "usd", "2026-03-02"),
)
ARGUMENTS = (
    *(
        "q",
        "status",
        "after",
        "before",
        "next",
        "month",
        "verdict",
        "found",
        "part",
        "person",
        "kind",
        "from",
    ),
    *("to", "record", "problem", "code", "state", "realmId", "error", "customer", "customer_search", "token"),
    *("endpoint", "_method", "_scheme", "_external", "_anchor", "__obj", "self"),
    *("tie_out_id", "rehearsal_id"),
)
FIELDS = (
    *("lines-0-item", "lines-²-item", "lines-99999-item", "lines--1-item", "lines-x", "add_line"),
    *("remove_line", "apply_terms", "refresh", "choose_customer", "add_location", "locations-²-street"),
    *("locations-7-id", "seen", "key", "item", "name", "reason", "rate-8.25", "primary", "part", "file"),
    *("ids", "all"),
)
HOSTS = ("localhost", "evil.example", "a b", "[::1", "🎈", "a/b", "", "localhost:99999999", "<script>", "..")
HEADERS = (
    *("HX-Target", "HX-Trigger", "HX-Prompt", "HX-Boosted", "Referer", "Origin", "User-Agent", "Accept"),
    *("Accept-Language", "Accept-Encoding", "If-None-Match", "If-Modified-Since", "Range", "Authorization"),
    *("Content-Type", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Cookie", "X-CSRFToken"),
)
METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "BREW")
BODIES = ("application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x")
COLUMNS = (
    "customer_number,display_name,given_name,family_name,address,city,region,postal_code,country,phone",
    "invoice_number,customer_number,issue_date,due_date,item,quantity,unit_price,discount_percent",
)
NAME = re.compile(r"""<(?:input|select|textarea|button)[^>]*\bname="([^"]+)"(?:[^>]*\bvalue="([^"]*)")?""")


@dataclass
class Crafted:
    """`describe` is enough to send it again by hand."""

    endpoint: str
    method: str
    path: str
    query: str = ""
    body: bytes = b""
    content_type: str = ""
    environ: dict[str, str] = field(default_factory=dict)

    def describe(self) -> str:
        body = f"{self.content_type} {self.body[:300]!r}"
        return f"{self.method} {self.path[:300]}?{self.query[:300]} {body} {self.environ}"

    def as_options(self) -> dict[str, Any]:
        return {
            "method": self.method,
            "query_string": self.query,
            "data": self.body,
            "content_type": self.content_type or None,
            "environ_overrides": self.environ,
        }


class Craft:
    """One stream of requests; the same seed makes the same ones. `fields` are those of the pages seen so far."""

    def __init__(self, app: Flask, seed: int) -> None:
        self.chance = random.Random(seed)
        self.rules = [rule for rule in app.url_map.iter_rules() if not rule.endpoint.endswith("static")]
        self.fields: dict[str, dict[str, str]] = {}

    def learn(self, rule_path: str, page: str) -> None:
        """The names and values of a page's fields, for what is posted to the page's address."""
        self.fields.setdefault(rule_path, {}).update(dict(NAME.findall(page)))

    def next(self) -> Crafted:
        rule = self.chance.choice(self.rules)
        method = self._method(rule)
        crafted = Crafted(rule.endpoint, method, self._path(rule), self._query(), environ=self._environ())
        if method in ("POST", "PUT", "PATCH"):
            crafted.content_type, crafted.body = self._body(rule)
        return crafted

    def _method(self, rule: Rule) -> str:
        if self.chance.random() < 0.05:
            return self.chance.choice(METHODS)
        if "POST" in (rule.methods or ()) and self.chance.random() < 0.8:
            return "POST"
        return self.chance.choice(sorted(rule.methods or ()))

    def strange(self) -> str:
        return self.chance.choice(STRANGE)

    def _path(self, rule: Rule) -> str:
        path = rule.rule
        for argument, converter in rule._converters.items():
            is_number = "int" in type(converter).__name__.lower() or "id" in type(converter).__name__.lower()
            value = str(self.chance.choice((1, 1, 2, 3, 5, 8, 999999))) if is_number else self.strange()
            if self.chance.random() < 0.1:
                value = self.strange()
            there = re.compile(rf"<(?:[^<>:]+:)?{argument}>")
            path = quote(value, safe="").join(there.split(path))
        return path

    def _query(self) -> str:
        pairs = [
            (self.chance.choice(ARGUMENTS), self._value())
            for _ in range(self.chance.choice((0, 0, 1, 1, 2, 4)))
        ]
        query = urlencode(pairs, errors="surrogatepass")
        return query + "&%ff=%fe&q" if self.chance.random() < 0.05 else query

    def _value(self) -> str:
        return str(self.chance.randint(1, 9)) if self.chance.random() < 0.2 else self.strange()

    def _environ(self) -> dict[str, str]:
        environ = {}
        if self.chance.random() < 0.4:
            environ = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": self._header()}
        for _ in range(self.chance.choice((0, 0, 1, 2))):
            name = self.chance.choice(HEADERS).upper().replace("-", "_")
            key = name if name == "CONTENT_TYPE" else f"HTTP_{name}"
            environ[key] = self._header()
        if self.chance.random() < 0.05:
            environ["HTTP_HOST"] = self.chance.choice(HOSTS).encode().decode("latin-1")
        return environ

    def _header(self) -> str:
        """A server never hands on a line break in a header; WSGI carries the rest as Latin-1."""
        return self.strange().replace("\r\n", " ").encode().decode("latin-1")

    def _body(self, rule: Rule) -> tuple[str, bytes]:
        if self.chance.random() < 0.1:
            kind = self.chance.choice(BODIES)
            return kind, self.strange().encode()
        form = dict(self.fields.get(rule.rule, {}))
        for name in list(form):
            if self.chance.random() < 0.2:
                form[name] = self._value()
            elif self.chance.random() < 0.05:
                del form[name]
        for _ in range(self.chance.choice((0, 0, 1, 2))):
            form[self.chance.choice(FIELDS)] = self._value()
        if "import" in rule.rule:
            return self._file()
        return "application/x-www-form-urlencoded", urlencode(form, errors="surrogatepass").encode()

    def _file(self) -> tuple[str, bytes]:
        rows = "\n".join(
            ",".join(self.strange() for _ in range(self.chance.randint(1, 12))) for _ in range(5)
        )
        content = "\n".join((self.chance.choice((*COLUMNS, self.strange())), rows))
        part = (
            'Content-Disposition: form-data; name="file"; filename="x.csv"\r\nContent-Type: text/csv\r\n\r\n'
        )
        return "multipart/form-data; boundary=x", f"--x\r\n{part}{content}\r\n--x--\r\n".encode(
            "utf-8", "replace"
        )
