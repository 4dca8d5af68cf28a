"""One record that is made in QuickBooks at once, because the Owner asks for it."""

import uuid
from typing import Any

from app.quickbooks.api.client import Client
from app.quickbooks.api.errors import Fault
from app.quickbooks.api.write import Write


class NotMade(Exception):
    """QuickBooks refused; the text says why, in its words."""


def make(client: Client, entity: str, body: dict[str, Any]) -> None:
    """Raises NotMade, ApiError and TokenError."""
    write = Write(bid="1", operation="create", entity=entity, body=body)
    answer = client.send_one(write, str(uuid.uuid4())).by_bid["1"]
    if isinstance(answer, Fault):
        raise NotMade(answer.message)
