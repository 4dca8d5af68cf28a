"""What companies have granted to the app: codes, refresh tokens, access tokens (contract sections 1.4 to 1.8)."""

import secrets
from dataclasses import dataclass, field
from threading import RLock

from simulator.clock import SimulatedClock
from simulator.faults import fault, unauthenticated
from simulator.switches import Switches

ACCESS_SECONDS = 3600
REFRESH_SECONDS = 8_640_000  # 100 days, again at every use
HARD_SECONDS = 157_680_000  # five years, whatever the use
ROTATION_SECONDS = 24 * 3600
CODE_SECONDS = 600
SHORTEST_TOKEN = 20
NOBODY = "owner@sandbox.example"
ACCOUNTING_SCOPE = "com.intuit.quickbooks.accounting"


class TokenError(Exception):
    """A refusal of the token endpoint by its OAuth name."""

    def __init__(self, name: str, description: str | None = None) -> None:
        super().__init__(name)
        self.name, self.description = name, description


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


class Grants:
    """All codes and grants. Its lock guards every change; nothing in here waits."""

    def __init__(self, clock: SimulatedClock, switches: Switches) -> None:
        self._clock, self._switches = clock, switches
        self.lock = RLock()
        self.reset()

    def reset(self) -> None:
        self.codes: dict[str, Code] = {}
        self.grants: list[Grant] = []

    def issue_code(self, realm: str, scope: str, redirect_uri: str, email: str | None = None) -> str:
        with self.lock:
            value = f"XAB{secrets.token_urlsafe(34)}"
            expires = self._clock.timestamp() + CODE_SECONDS
            self.codes[value] = Code(value, realm, scope, redirect_uri, email or NOBODY, expires)
            return value

    def exchange(self, value: str, redirect_uri: str) -> Grant:
        """Raises TokenError invalid_grant for a code that is unknown, used, expired or of another address."""
        with self.lock:
            code = self.codes.get(value)
            if code is None:
                raise TokenError("invalid_grant")
            if code.grant is not None:
                self._punish(code.grant)
                raise TokenError("invalid_grant")
            if self._clock.timestamp() >= code.expires or redirect_uri != code.redirect_uri:
                raise TokenError("invalid_grant")
            code.grant = self._new_grant(code)
            return code.grant

    def begin_refresh(self, value: str) -> Grant:
        """The grant, marked as being refreshed. The second of two parallel calls gets invalid_grant."""
        with self.lock:
            grant = self._alive(value)
            if grant.refreshing:
                raise TokenError("invalid_grant", "Incorrect or invalid refresh token")
            grant.refreshing = True
            return grant

    def finish_refresh(self, grant: Grant) -> None:
        """A new refresh value after a day, and the old one dies at once (contract section 1.5)."""
        with self.lock:
            now = self._clock.timestamp()
            grant.refreshing = False
            grant.stale_tries = 0
            if now - grant.refresh_issued >= ROTATION_SECONDS:
                self.rotate(grant)
            grant.refresh_expires = min(now + REFRESH_SECONDS, grant.granted + HARD_SECONDS)
            self._new_access(grant)

    def rotate(self, grant: Grant) -> None:
        grant.dead_values.append(grant.refresh_value)
        grant.refresh_value = _refresh_value()
        grant.refresh_issued = self._clock.timestamp()

    def revoke(self, token: str) -> bool:
        """End the company's permission, given any of its tokens. False for a token that is dead already."""
        with self.lock:
            grant = next(
                (grant for grant in self.grants if token == grant.refresh_value or token in grant.access),
                None,
            )
            if grant is None or grant.revoked:
                return False
            self.revoke_realm(grant.realm)
            return True

    def revoke_realm(self, realm: str | None) -> None:
        with self.lock:
            for grant in self.of_realm(realm):
                grant.revoked = True

    def is_connected(self, realm: str) -> bool:
        return any(not grant.revoked for grant in self.of_realm(realm))

    def of_realm(self, realm: str | None) -> list[Grant]:
        return [grant for grant in self.grants if realm in (None, grant.realm)]

    def admit(self, token: str, realm: str) -> None:
        """Let an API call in. Raises the faults 3202, 3200 and 3100."""
        grant = self.holder(token)
        if grant.realm != realm or ACCOUNTING_SCOPE not in grant.scope.split():
            raise fault("3100", "The application is not authorized for this company")

    def holder(self, token: str) -> Grant:
        """Whose access token it is. Raises the faults 3202 and 3200."""
        if not token:
            raise fault("3202", "oauth_token is empty")
        if len(token) < SHORTEST_TOKEN:
            raise unauthenticated("Malformed bearer token: too short or too long")
        with self.lock:
            grant = next((grant for grant in self.grants if token in grant.access), None)
            if grant is None:
                raise unauthenticated("Token invalid")
            if grant.revoked:
                raise unauthenticated("Token revoked")
            if self._clock.timestamp() >= grant.access[token]:
                raise unauthenticated(f"Token expired: {token}")  # Intuit really repeats it
            return grant

    def _new_grant(self, code: Code) -> Grant:
        now = self._clock.timestamp()
        grant = Grant(
            code.realm, code.scope, now, _refresh_value(), now, now + REFRESH_SECONDS, email=code.email
        )
        self._new_access(grant)
        self.grants.append(grant)
        return grant

    def _new_access(self, grant: Grant) -> None:
        """Earlier access tokens stay valid until they expire."""
        now = self._clock.timestamp()
        grant.access = {
            token: expires for token, expires in grant.access.items() if expires > now - ACCESS_SECONDS
        }
        grant.access[f"eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiZGlyIn0..{secrets.token_urlsafe(450)}"] = (
            now + ACCESS_SECONDS
        )

    def _alive(self, value: str) -> Grant:
        for grant in self.grants:
            if value in grant.dead_values:
                self._count_stale_try(grant)
            if value == grant.refresh_value and not grant.revoked:
                if self._clock.timestamp() >= grant.refresh_expires:
                    raise TokenError("invalid_grant", "Token invalid")
                return grant
        raise TokenError("invalid_grant", "Incorrect or invalid refresh token")

    def _count_stale_try(self, grant: Grant) -> None:
        grant.stale_tries += 1
        if grant.stale_tries >= self._switches.stale_refresh_tolerance:
            self._punish(grant)

    def _punish(self, grant: Grant) -> None:
        """Intuit takes repeated use for an attack (contract section 1.5)."""
        if self._switches.punish_token_reuse:
            grant.revoked = True


def _refresh_value() -> str:
    return f"AB11{secrets.token_urlsafe(36)}"
