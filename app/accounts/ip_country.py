"""Where an address is, as far as its owner needs to know it again: the country.

The five registries of addresses say to which country each block was given; iptocc carries their lists, so nobody is
asked. Packages that know towns are built from GeoLite2, which must not be used once it is a month old, or are no
longer kept up.
"""

from functools import cache
from importlib import resources
from ipaddress import IPv6Address, ip_address

HERE, UNKNOWN = "This network", "Unknown place"


def country_of(address: str) -> str:
    """ "United States"; `HERE` for private addresses and this machine, `UNKNOWN` for what no registry lists."""
    try:
        ip = ip_address(address)
    except ValueError:
        return UNKNOWN
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return _country(str(ip)) if ip.is_global else HERE


def _country(address: str) -> str:
    # Late: only processes that show a place map its data into memory.
    from iptocc import country_code

    code = country_code(address)
    return _names().get(code, code) if code else UNKNOWN


@cache
def _names() -> dict[str, str]:
    """ISO 3166 codes and English names, from the list that comes with the time zones."""
    text = resources.files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text("utf-8")
    return dict(line.split("\t") for line in text.splitlines() if not line.startswith("#"))
