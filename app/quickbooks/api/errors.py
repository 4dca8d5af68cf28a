"""What Intuit answers when it does not do what was asked (contract section 2.3). The one reader of its faults."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from app.lib import exact_json
from app.quickbooks.api.foreign import storable

RAW_LIMIT = TEXT_LIMIT = 4000
CODE_LIMIT, TID_LIMIT = 20, 80  # characters that a SyncAttempt has room for
TOKEN_REFUSED = ("3200", "100", "110")
THROTTLED = "3001"
# Errors of QuickBooks' own: what was asked may have been done all the same (contract sections 5 and 8.20).
SYSTEM_FAULTS = frozenset({"500", "1000", "1010", "1020", "10000"})
QUOTA = "quota"  # no source shows the body of a read beyond it: its words alone tell it from a throttle
BAD_BYTES = "invalid byte"  # a 500 that says what is wrong with our text is a plain refusal
_TOKEN = re.compile(r"[A-Za-z0-9_\-.]{40,}")  # 401 details quote the bearer token
_STATUS_IN_MESSAGE = re.compile(r"statusCode=(\d{3})")


@dataclass(frozen=True)
class Fault:
    """One refusal. `status` is the HTTP status, None when no answer came; `code` is plain digits or empty."""

    status: int | None
    code: str = ""
    message: str = ""
    detail: str = ""
    element: str = ""
    type: str = ""
    intuit_tid: str = ""
    raw: str = ""

    @property
    def text(self) -> str:
        return ": ".join(part for part in (self.message, self.detail) if part)

    @property
    def inner_status(self) -> int | None:
        """The gateway writes the real status into its message."""
        found = _STATUS_IN_MESSAGE.search(self.message)
        return int(found.group(1)) if found else self.status

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class ApiError(Exception):
    """Something other than the answer that was asked for."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.status} {fault.code} {fault.text}".strip())
        self.fault = fault


class Refused(ApiError):
    """QuickBooks said no; nothing was done."""


class Unauthorized(ApiError):
    """The access token is not accepted; nothing was done."""


class Throttled(ApiError):
    """Too many requests; nothing was done."""

    def __init__(self, fault: Fault, retry_after: int | None = None) -> None:
        super().__init__(fault)
        self.retry_after = retry_after


class QuotaUsedUp(Throttled):
    """The app has read as often this month as it may; writes go on (contract section 3.1)."""


class OutcomeUnknown(ApiError):
    """No answer, or none that can be understood: a write may or may not have happened."""


class Unreachable(OutcomeUnknown):
    """No connection was made, so certainly nothing was done."""


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


def error_for(fault: Fault, retry_after: int | None = None) -> ApiError:
    """Which kind of no it is, by status, code and the status inside the message.

    A 5xx is doubt whatever its code says: 3100 with statusCode=500 is an outage (contract section 8.20). So is a
    system fault whatever its status.
    """
    status = fault.inner_status or 0
    if fault.code == THROTTLED or status == 429:
        return (QuotaUsedUp if QUOTA in fault.text.casefold() else Throttled)(fault, retry_after)
    if status >= 500 or _is_system_fault(fault):
        return OutcomeUnknown(fault)
    if status == 401 or fault.code in TOKEN_REFUSED:
        return Unauthorized(fault)
    if fault.code or status >= 400:  # a 4xx page of somebody on the way is certain too: it was not passed on
        return Refused(fault)
    return OutcomeUnknown(fault)


def leaves_doubt(fault: Fault) -> bool:
    """Whether a write that was answered so may have been done."""
    return isinstance(error_for(fault), OutcomeUnknown)


def _is_system_fault(fault: Fault) -> bool:
    named = fault.code in SYSTEM_FAULTS or fault.type.casefold() == "systemfault"
    return named and BAD_BYTES not in fault.text.casefold()


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
