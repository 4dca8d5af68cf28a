"""The companies that exist before anybody connects."""

from dataclasses import replace

from simulator.books.company import Company
from simulator.clock import SimulatedClock
from simulator.seed.open_books import open_books
from simulator.seed.profiles import PROFILES

COUNTRIES = sorted({profile.country for profile in PROFILES})
SEEDED = {profile.realm: profile for profile in PROFILES}


def seeded_books(realm: str, clock: SimulatedClock) -> Company:
    """Of a company that is there from the start. Raises KeyError for any other."""
    return open_books(SEEDED[realm], clock)


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
