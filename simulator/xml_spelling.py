"""Answers as XML: what a client gets that does not ask for JSON (contract section 2.1)."""

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from simulator import exact_json
from simulator.answer import JSON, JSON_FAULT, XML, Answer

ENVELOPE_ATTRIBUTES = {"xmlns", "time", "startPosition", "maxResults", "totalCount", "bId"}
OBJECT_ATTRIBUTES = {"domain", "sparse", "status", "name", "type", "code", "element"}
ATTRIBUTES = ENVELOPE_ATTRIBUTES | OBJECT_ATTRIBUTES


def respelled(answer: Answer) -> Answer:
    """The same answer as XML; one that is no JSON stays as it is."""
    if answer.content_type not in (JSON, JSON_FAULT) or not answer.body:
        return answer
    body = exact_json.loads(answer.body)
    root = {"xmlns": "http://schema.intuit.com/finance/v3", **body}
    document = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + _element("IntuitResponse", root)
    return Answer(answer.status, document.encode(), XML, answer.headers, answer.is_definite)


def _element(tag: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(tag, entry) for entry in value)
    if not isinstance(value, dict):
        return f"<{tag}>{_text(value)}</{tag}>"
    attributes, inside = "", ""
    for key, inner in value.items():
        if key in ATTRIBUTES and not isinstance(inner, dict | list):
            attributes += f" {key}={quoteattr(_plain(inner))}"
        else:
            inside += _text(inner) if key == "value" else _element(key, inner)
    return f"<{tag}{attributes}>{inside}</{tag}>"


def _text(value: Any) -> str:
    return escape(_plain(value))


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
