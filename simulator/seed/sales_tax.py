"""Rates of sales tax by state and city, for companies whose tax Intuit computes. Examples, not a tax table."""

from simulator.seed.tax_codes import Tax

STATES = """
AL Alabama 4|AK Alaska 0|AZ Arizona 5.6|AR Arkansas 6.5|CA California 7.25|CO Colorado 2.9|CT Connecticut 6.35
DE Delaware 0|DC District of Columbia 6|FL Florida 6|GA Georgia 4|HI Hawaii 4|ID Idaho 6|IL Illinois 6.25
IN Indiana 7|IA Iowa 6|KS Kansas 6.5|KY Kentucky 6|LA Louisiana 5|ME Maine 5.5|MD Maryland 6
MA Massachusetts 6.25|MI Michigan 6|MN Minnesota 6.875|MS Mississippi 7|MO Missouri 4.225|MT Montana 0
NE Nebraska 5.5|NV Nevada 6.85|NH New Hampshire 0|NJ New Jersey 6.625|NM New Mexico 4.875|NY New York 4
NC North Carolina 4.75|ND North Dakota 5|OH Ohio 5.75|OK Oklahoma 4.5|OR Oregon 0|PA Pennsylvania 6
RI Rhode Island 7|SC South Carolina 6|SD South Dakota 4.2|TN Tennessee 7|TX Texas 6.25|UT Utah 6.1
VT Vermont 6|VA Virginia 5.3|WA Washington 6.5|WV West Virginia 6|WI Wisconsin 5|WY Wyoming 4
"""
CITIES: dict[tuple[str, str], dict[str, str]] = {
    ("AZ", "Phoenix"): {"Maricopa County": "0.7", "Phoenix": "2.3"},
    ("AZ", "Tucson"): {"Pima County": "0.5", "Tucson": "2.6"},
    ("CA", "Mountain View"): {"Santa Clara County": "1.875"},
    ("CA", "San Francisco"): {"San Francisco": "1.375"},
    ("CO", "Denver"): {"Regional Transportation District": "1.1", "Denver": "4.81"},
    ("NV", "Las Vegas"): {"Clark County": "1.525"},
    ("NY", "New York"): {"Metropolitan Commuter District": "0.375", "New York City": "4.5"},
    ("TX", "Austin"): {"Capital Metro": "1", "Austin": "1"},
    ("TX", "Houston"): {"Houston Metro": "1", "Houston": "1"},
    ("WA", "Seattle"): {"Seattle": "3.85"},
}


def _states() -> dict[str, tuple[str, str]]:
    """Name and rate in percent by postal code."""
    entries = STATES.replace("\n", "|").strip("|").split("|")
    split = ((code, *rest.rsplit(" ", 1)) for code, _, rest in (entry.partition(" ") for entry in entries))
    return {code: (name, rate) for code, name, rate in split}


BY_STATE = _states()


def by_place() -> tuple[Tax, ...]:
    """A tax code for each state and each of the cities; a rate is named by its jurisdiction."""
    states = [Tax(_hash(code), ((name, rate),), place=code) for code, (name, rate) in BY_STATE.items()]
    return (*states, *(_city(code, city, rates) for (code, city), rates in CITIES.items()))


def _city(code: str, city: str, rates: dict[str, str]) -> Tax:
    state, rate = BY_STATE[code]
    local = tuple((f"{state}, {name}", percent) for name, percent in rates.items())
    return Tax(_hash(f"{code}{city}"), ((state, rate), *local), place=f"{code}, {city}")


def _hash(place: str) -> str:
    """Codes of the engine have names that say nothing (contract section 4.8)."""
    return f"{{{place.encode().hex().upper():0>12.12}-TAX}}"
