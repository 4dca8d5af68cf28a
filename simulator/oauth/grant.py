"""One permission that a company gave to the app: its code, its tokens and how long each lasts."""

import secrets
from dataclasses import dataclass, field

ACCESS_SECONDS = 3600
REFRESH_SECONDS = 8_640_000  # 100 days, again at every use
HARD_SECONDS = 157_680_000  # five years, whatever the use
ROTATION_SECONDS = 24 * 3600
NOBODY = "owner@sandbox.example"


@dataclass
class Code:
    value: str
    realm: str
    scope: str
    redirect_uri: str
    email: str  # of who signed in
    expires: float
    grant: "Grant | None" = None  # what it was exchanged for


@dataclass
class Grant:
    """One company's permission, from a consent to its end."""

    realm: str
    scope: str
    granted: float
    refresh_value: str
    refresh_issued: float
    refresh_expires: float
    access: dict[str, float] = field(default_factory=dict)  # token -> expiry
    dead_values: list[str] = field(default_factory=list)
    stale_tries: int = 0
    refreshing: bool = False
    revoked: bool = False
    email: str = NOBODY

    @classmethod
    def of(cls, code: Code, now: float) -> "Grant":
        grant = cls(
            code.realm, code.scope, now, _refresh_value(), now, now + REFRESH_SECONDS, email=code.email
        )
        grant.add_access(now)
        return grant

    def add_access(self, now: float) -> None:
        """Earlier access tokens stay valid until they expire."""
        self.access = {
            token: expires for token, expires in self.access.items() if expires > now - ACCESS_SECONDS
        }
        self.access[f"eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiZGlyIn0..{secrets.token_urlsafe(450)}"] = (
            now + ACCESS_SECONDS
        )

    def refresh(self, now: float) -> None:
        """A new refresh value after a day, and the old one dies at once (contract section 1.5)."""
        self.refreshing = False
        self.stale_tries = 0
        if now - self.refresh_issued >= ROTATION_SECONDS:
            self.dead_values.append(self.refresh_value)
            self.refresh_value = _refresh_value()
            self.refresh_issued = now
        self.refresh_expires = min(now + REFRESH_SECONDS, self.granted + HARD_SECONDS)
        self.add_access(now)


def _refresh_value() -> str:
    return f"AB11{secrets.token_urlsafe(36)}"
