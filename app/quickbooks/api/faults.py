"""The one reader of Intuit's faults: JSON or XML, in either spelling, cleaned and cut to what can be stored."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from app.lib import exact_json
from app.quickbooks.api.errors import Fault
from app.quickbooks.api.foreign import storable

RAW_LIMIT = TEXT_LIMIT = 4000
CODE_LIMIT, TID_LIMIT = 20, 80  # characters that a SyncAttempt has room for
_TOKEN = re.compile(r"[A-Za-z0-9_\-.]{40,}")  # 401 details quote the bearer token


def fault_from_response(status: int, headers: Mapping[str, str], body: bytes) -> Fault | None:
    """The first fault of an answer with all its words, or None when it holds none and succeeded."""
    found = _from_json(body) or _from_xml(body)
    if found is None and status < 400:
        return None
    fault = found or Fault(status, message="The answer was not one of QuickBooks' own.")
    return replace(fault, status=status, intuit_tid=tid_of(headers), raw=_raw(_decoded(body)))


def tid_of(headers: Mapping[str, str]) -> str:
    """Intuit's own name for the request, which its support asks for."""
    return storable(headers.get("intuit_tid", ""), TID_LIMIT)


def fault_from_item(item: Mapping[str, Any], status: int, tid: str) -> Fault | None:
    """The fault of one item of a batch, or of a query's answer."""
    fault = _from_envelope(item)
    if fault is None:
        return None
    return replace(fault, status=status, intuit_tid=tid, raw=_raw(exact_json.dumps(item)))


def _from_json(body: bytes) -> Fault | None:
    try:
        data = exact_json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    return _from_envelope(data) or _from_envelope(data.get("QueryResponse"))


def _from_envelope(data: Any) -> Fault | None:
    """Both spellings: `Fault`/`Error`/`Message` and the gateway's lower case."""
    if not isinstance(data, Mapping):
        return None
    fault = _lowered(data).get("fault")
    if not isinstance(fault, Mapping):
        return None
    fault = _lowered(fault)
    listed = fault.get("error")
    errors = listed if isinstance(listed, list) else [listed]
    return _fault([_lowered(error) for error in errors if isinstance(error, Mapping)], fault.get("type"))


def _from_xml(body: bytes) -> Fault | None:
    if not body.lstrip().startswith(b"<"):
        return None
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, DefusedXmlException, ValueError):
        return None
    fault = next((node for node in root.iter() if _name(node) == "fault"), None)
    if fault is None:
        return None
    errors = [
        {**_lowered(error.attrib), **{_name(part): part.text for part in error}}
        for error in fault
        if _name(error) == "error"
    ]
    return _fault(errors, fault.get("type"))


def _fault(errors: Sequence[Mapping[str, Any]], kind: Any) -> Fault:
    """The first error's code with the words of all."""
    first = errors[0] if errors else {}
    return Fault(
        status=None,
        code=_digits(first.get("code")),
        message="; ".join(_words(error.get("message")) for error in errors),
        detail="; ".join(_words(error.get("detail")) for error in errors),
        element=_words(first.get("element")),
        type=_words(kind),
    )


def _lowered(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key.lower(): value for key, value in data.items()}


def _digits(code: Any) -> str:
    """003001, 3001 and "3001" are one code."""
    text = storable(str(code if code is not None else "").strip(), CODE_LIMIT)
    return str(int(text)) if text.isdecimal() else text


def _words(text: Any) -> str:
    return _TOKEN.sub("…", storable(str(text or "")))[:TEXT_LIMIT]


def _raw(text: str) -> str:
    return _words(text[: 2 * RAW_LIMIT])[:RAW_LIMIT]


def _name(node: Element) -> str:
    """A tag without its namespace, in lower case."""
    return node.tag.rpartition("}")[2].lower()


def _decoded(body: bytes) -> str:
    return body.decode("utf-8", errors="replace")
