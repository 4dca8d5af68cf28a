"""The companies that exist before anybody connects."""

from simulator.books.company import Company
from simulator.clock import SimulatedClock
from simulator.seed.open_books import open_books
from simulator.seed.profiles import PROFILES


def seed_companies(clock: SimulatedClock) -> dict[str, Company]:
    """By realm id."""
    return {profile.realm: open_books(profile, clock) for profile in PROFILES}
