"""What can be switched on a running simulator, where the contract leaves a choice or a test needs one."""

from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

DAY = 24 * 3600


@dataclass
class Switches:
    limits: bool = True  # enforce contract section 3
    time_scale: float = 1.0  # simulated seconds in a real one: windows, expiries and timestamps follow
    latency_ms: float = 0
    item_latency_ms: float = 0  # on top, for every item of a batch
    requestid_memory_seconds: float = DAY  # Intuit publishes no age (contract section 2.4)
    requestid_reuse: str = "replay"  # or "refuse": 600 when the same id comes with another request
    throttle_format: str = "xml"  # as every public recording; or "json", "gateway" (contract section 3.2)
    retry_after: int | None = None  # seconds; Intuit documents no Retry-After header
    refresh_ms: float = 50  # a refresh keeps its grant busy so long: a second one meanwhile is refused
    punish_token_reuse: bool = True  # a reused code or stale refresh token kills the grant (section 1.5)
    stale_refresh_tolerance: int = 3  # tries with a dead refresh value before the grant is revoked

    def update(self, changes: dict[str, Any]) -> None:
        """Raises KeyError for a switch that does not exist."""
        unknown = set(changes) - {field.name for field in fields(self)}
        if unknown:
            raise KeyError(f"No such switch: {', '.join(sorted(unknown))}")
        for name, value in changes.items():
            setattr(self, name, float(value) if isinstance(value, Decimal) else value)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)
