"""What happens to tokens without the app's doing: expiry, rotation, a disconnect inside QuickBooks."""

from collections.abc import Callable

from simulator.oauth.grant import Grant
from simulator.world import World


def _expire_access(world: World, grant: Grant) -> None:
    grant.access = dict.fromkeys(grant.access, 0.0)


def _expire_refresh(world: World, grant: Grant) -> None:
    grant.refresh_expires = 0.0


def _revoke(world: World, grant: Grant) -> None:
    grant.revoked = True


def _rotate(world: World, grant: Grant) -> None:
    """The next refresh answers a new value, as it does a day later."""
    grant.refresh_issued = 0.0


def _to_all(change: Callable[[World, Grant], None]) -> Callable[[World, str | None], int]:
    def act(world: World, realm: str | None) -> int:
        """Returns how many grants it concerned; no realm means all of them."""
        with world.grants.lock:
            grants = world.grants.of_realm(realm)
            for grant in grants:
                change(world, grant)
            return len(grants)

    return act


ACTIONS = {
    "expire_access": _to_all(_expire_access),
    "expire_refresh": _to_all(_expire_refresh),
    "revoke": _to_all(_revoke),
    "rotate": _to_all(_rotate),
}
