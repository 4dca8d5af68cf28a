"""What can be switched on a running simulator, where the contract leaves a choice or a test needs one."""

from dataclasses import asdict, dataclass
from typing import Any

from simulator.checks import Check, checked, choice, flag, number, one_of, optional, whole

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
    read_quota: int = 500_000  # reads a month for the app, Builder tier (contract section 3.1)
    quota_status: int = 429  # or 403: what a read beyond the quota gets
    quota_body: str = "named"  # or "plain": as any other throttle
    webhook_hold: bool = False  # keep events back until it is off
    webhook_duplicates: bool = False  # every notification comes twice
    webhook_disorder: bool = False  # the newest event first, each alone
    refresh_ms: float = 50  # a refresh keeps its grant busy so long: a second one meanwhile is refused
    punish_token_reuse: bool = True  # a reused code or stale refresh token kills the grant (section 1.5)
    stale_refresh_tolerance: int = 3  # tries with a dead refresh value before the grant is revoked

    def update(self, changes: dict[str, Any]) -> None:
        """All of the changes or none. Raises ValueError for what is no switch, or cannot be its value."""
        for name, value in checked(changes, CHECKS, "switch").items():
            setattr(self, name, value)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


LONGEST_WAIT_MS = 600_000

CHECKS: dict[str, Check] = {
    "limits": flag,
    "time_scale": number(0.000001, 1_000_000),
    "latency_ms": number(0, LONGEST_WAIT_MS),
    "item_latency_ms": number(0, LONGEST_WAIT_MS),
    "requestid_memory_seconds": number(0, 10 * 365 * DAY),
    "requestid_reuse": choice("replay", "refuse"),
    "throttle_format": choice("xml", "json", "gateway"),
    "retry_after": optional(whole(0, DAY)),
    "read_quota": whole(0, 10**9),
    "quota_status": one_of(429, 403),
    "quota_body": choice("named", "plain"),
    **dict.fromkeys(("webhook_hold", "webhook_duplicates", "webhook_disorder"), flag),
    "refresh_ms": number(0, LONGEST_WAIT_MS),
    "punish_token_reuse": flag,
    "stale_refresh_tolerance": whole(1, 1000),
}
