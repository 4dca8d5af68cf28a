"""One answer of the simulator before it is sent."""

from dataclasses import dataclass, field
from typing import Any

from simulator import exact_json

JSON, JSON_FAULT, XML, HTML = (
    "application/json;charset=utf-8",
    "application/json",
    "application/xml",
    "text/html",
)


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    is_definite: bool = True  # said by the books themselves, so that it is kept for the request id

    @classmethod
    def json(cls, body: dict[str, Any], status: int = 200, **options: Any) -> "Answer":
        content_type = JSON if status == 200 else JSON_FAULT
        return cls(status, exact_json.dumps(body).encode(), content_type, **options)
