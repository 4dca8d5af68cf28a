"""What companies have granted to the app: codes, refresh tokens, access tokens (contract sections 1.4 to 1.8)."""

import secrets
from threading import RLock

from simulator.clock import SimulatedClock
from simulator.faults import fault, unauthenticated
from simulator.oauth.grant import NOBODY, Code, Grant
from simulator.switches import Switches

CODE_SECONDS = 600
SHORTEST_TOKEN = 20
ACCOUNTING_SCOPE = "com.intuit.quickbooks.accounting"


class TokenError(Exception):
    """A refusal of the token endpoint by its OAuth name."""

    def __init__(self, name: str, description: str | None = None) -> None:
        super().__init__(name)
        self.name, self.description = name, description


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
            code.grant = Grant.of(code, self._clock.timestamp())
            self.grants.append(code.grant)
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
        with self.lock:
            grant.refresh(self._clock.timestamp())

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
