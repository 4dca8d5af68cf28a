"""The one place where requests leave for QuickBooks' accounting API (contract sections 2.1 and 2.4)."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import NewConnectionError

from app.lib import exact_json
from app.quickbooks.api.errors import (
    Fault,
    OutcomeUnknown,
    Unreachable,
    error_for,
)
from app.quickbooks.api.faults import fault_from_response, tid_of
from app.quickbooks.api.foreign import storable_json

log = logging.getLogger(__name__)

MINOR_VERSION = "75"
CONNECT_SECONDS, READ_SECONDS = 5, 125  # Intuit itself gives up after 120 (contract section 3)
POOL = 10
LONGEST_WAIT = 24 * 3600  # seconds that a Retry-After is believed


@dataclass(frozen=True)
class Answer:
    data: dict[str, Any]
    status: int
    intuit_tid: str


class Transport:
    """Speaks for one realm. Never retries by itself; never logs tokens, contents or the realm. Safe for threads."""

    def __init__(
        self, api_url: str, realm_id: str, access_token: str, read_seconds: float = READ_SECONDS
    ) -> None:
        self.realm_id = realm_id
        self.access_token = access_token
        self._timeout = (CONNECT_SECONDS, read_seconds)
        self._base = f"{api_url}/v3/company/{realm_id}"
        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_maxsize=POOL, max_retries=0))

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Any = None,
        text: str | None = None,
        request_id: str | None = None,
    ) -> Answer:
        """`body` goes as JSON, `text` as application/text. Raises ApiError for everything but a plain success."""
        query = {"minorversion": MINOR_VERSION, **(params or {})}
        if request_id:
            query["requestid"] = request_id
        started = time.monotonic()
        response = self._send(method, path, query, body, text)
        tid = tid_of(response.headers)
        spent = round((time.monotonic() - started) * 1000)
        shown = path.replace(self.realm_id, "…")
        log.info("%s %s %s %s ms intuit_tid=%s", method, shown, response.status_code, spent, tid)
        return _understood(response, tid)

    def _send(
        self, method: str, path: str, query: Mapping[str, str], body: Any, text: str | None
    ) -> requests.Response:
        headers = {"Accept": "application/json"}
        data = None
        if text is not None:
            headers["Content-Type"], data = "application/text", text.encode()
        elif body is not None:
            headers["Content-Type"], data = "application/json", exact_json.dumps(body).encode()
        try:
            return self._session.request(
                method,
                f"{self._base}/{path}",
                params=query,
                data=data,
                headers=headers,
                auth=self._sign,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.ConnectTimeout as error:
            raise Unreachable(_no_answer(error)) from error
        except requests.ConnectionError as error:
            raise _lost(error) from error
        except requests.RequestException as error:
            raise OutcomeUnknown(_no_answer(error)) from error

    def _sign(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """As `auth`, because a plain header would give way to a .netrc of the machine."""
        request.headers["Authorization"] = f"Bearer {self.access_token}"
        return request


def _understood(response: requests.Response, tid: str) -> Answer:
    fault = fault_from_response(response.status_code, response.headers, response.content)
    if fault is not None:
        raise error_for(fault, _retry_after(response))
    try:
        data = storable_json(exact_json.loads(response.content), response.content)
    except (ValueError, RecursionError) as error:
        raise OutcomeUnknown(
            Fault(response.status_code, message="The answer could not be read.", intuit_tid=tid)
        ) from error
    if not isinstance(data, dict) or response.status_code >= 300:
        raise OutcomeUnknown(
            Fault(response.status_code, message="The answer is not an object.", intuit_tid=tid)
        )
    return Answer(data, response.status_code, tid)


def _retry_after(response: requests.Response) -> int | None:
    value = response.headers.get("Retry-After", "")
    return min(int(value[:9]), LONGEST_WAIT) if value.isdecimal() else None


def _lost(error: requests.ConnectionError) -> OutcomeUnknown:
    """Refused or unresolved before anything was sent, or lost afterwards?"""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    kind = Unreachable if isinstance(reason, NewConnectionError) else OutcomeUnknown
    return kind(_no_answer(error))


def _no_answer(error: Exception) -> Fault:
    return Fault(None, message=f"No answer came: {type(error).__name__}.")
