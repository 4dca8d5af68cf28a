"""Where somebody is signed in from. The addresses are those of registries and big networks: they do not move."""

import pytest

from app.accounts.ip_country import country_of
from app.accounts.models import UserSession
from app.extensions import db
from tests.people import Actor


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("8.8.8.8", "United States"),
        ("2001:4860:4860::8888", "United States"),
        ("::ffff:8.8.8.8", "United States"),
        ("193.99.144.80", "Germany"),
        ("132.246.11.10", "Canada"),
    ],
)
def test_the_country_of_an_address(address: str, place: str):
    assert country_of(address) == place


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "::1", "10.1.2.3", "192.168.0.7", "fd00::1", "fe80::1", "100.64.0.9"]
)
def test_private_addresses_are_of_this_network(address: str):
    assert country_of(address) == "This network"


@pytest.mark.parametrize("address", ["", "localhost", "8.8.8", "8.8.8.8:443", "224.0.0.1"])
def test_what_is_listed_nowhere_is_unknown(address: str):
    assert country_of(address) == "Unknown place"


def test_the_profile_says_it(owner: Actor):
    session = db.session.query(UserSession).filter_by(user_id=owner.user_id).one()
    session.address = "193.99.144.80"
    db.session.commit()
    page = owner.get("/profile").text
    assert "Germany" in page
    assert "193.99.144.80" in page
