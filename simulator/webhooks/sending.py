"""One notification on its way: signed, posted, its answer judged."""

import base64
import hashlib
import hmac
import uuid
from datetime import datetime
from http import HTTPStatus

import requests

from simulator import exact_json
from simulator.webhooks.events import Event

SECONDS_TO_ANSWER = 3
SCHEMA_VERSION = "2.0"


def signature(body: bytes, verifier_token: str) -> str:
    """The header `intuit-signature`: the raw body under the verifier token."""
    return base64.b64encode(hmac.digest(verifier_token.encode(), body, hashlib.sha256)).decode()


def post(address: str, verifier_token: str, events: list[Event], now: datetime) -> int | None:
    """The status of the answer, or None when there was none in time."""
    body = exact_json.dumps(events).encode()
    headers = {
        "Content-Type": "application/json",
        "intuit-signature": signature(body, verifier_token),
        "intuit-created-time": now.isoformat(),
        "intuit-t-id": str(uuid.uuid4()),
        "intuit-notification-schema-version": SCHEMA_VERSION,
    }
    with requests.Session() as session:
        session.trust_env = False  # the app is on this machine: no proxy between
        try:
            answer = session.post(
                address, body, headers=headers, timeout=SECONDS_TO_ANSWER, allow_redirects=False
            )
        except requests.RequestException:
            return None
        return answer.status_code


def is_acknowledged(status: int | None) -> bool:
    return status == HTTPStatus.OK
