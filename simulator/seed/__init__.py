"""The companies that exist before anybody connects."""

from dataclasses import replace

from simulator.books.company import Company
from simulator.clock import SimulatedClock
from simulator.seed.open_books import open_books
from simulator.seed.profiles import PROFILES

COUNTRIES = sorted({profile.country for profile in PROFILES})


def found_books(realm: str, name: str, country: str, clock: SimulatedClock, taxed_in: str = "") -> Company:
    """One more company, with the books of the first seeded one of its country; or, at home in the given state, of
    the first whose tax Intuit computes.
    """
    models = (each for each in PROFILES if (each.automated_tax if taxed_in else each.country == country))
    model = next(models)
    if taxed_in:
        home = {"Line1": "1 Main Street", "CountrySubDivisionCode": taxed_in, "Country": "USA"}
        model = replace(model, address=home)
    return open_books(replace(model, realm=realm, name=name), clock)


def seed_companies(clock: SimulatedClock) -> dict[str, Company]:
    """By realm id."""
    return {profile.realm: open_books(profile, clock) for profile in PROFILES}
