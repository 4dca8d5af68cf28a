"""What Intuit answers when it does not do what was asked (contract section 2.3), and which kind of no it is."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

TOKEN_REFUSED = ("3200", "100", "110")
THROTTLED = "3001"
# Errors of QuickBooks' own: what was asked may have been done all the same (contract sections 5 and 8.20).
SYSTEM_FAULTS = frozenset({"500", "1000", "1010", "1020", "10000"})
QUOTA = "quota"  # no source shows the body of a read beyond it; where it has no such words, our count tells
BAD_BYTES = "invalid byte"  # a 500 that says what is wrong with our text is a plain refusal
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


class NoTurn(Throttled):
    """Nothing left: our own limits let nobody pass in time, and QuickBooks refused nothing."""


class OutcomeUnknown(ApiError):
    """No answer, or none that can be understood: a write may or may not have happened."""


class Unreachable(OutcomeUnknown):
    """No connection was made, so certainly nothing was done."""


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
