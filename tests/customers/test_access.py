"""Each role against each route of customers, and a stranger against each id."""

import pytest

from app.customers.models import Customer
from tests.customers.conftest import upload
from tests.people import Actor

READ = [("GET", "/customers"), ("GET", "/customers/{id}")]
WRITE = [
    ("GET", "/customers/new"),
    ("POST", "/customers/new"),
    ("GET", "/customers/{id}/edit"),
    ("POST", "/customers/{id}/edit"),
    ("GET", "/customers/import"),
    ("POST", "/customers/import"),
    ("GET", "/customers/import/template"),
    ("GET", "/customers/import/{upload}"),
    ("POST", "/customers/import/{upload}"),
]
OF_ONE_RECORD = [route for route in READ + WRITE if "{" in route[1]]
CSV = (
    "customer_number,display_name,given_name,family_name,address,city,region,postal_code,country,phone\n"
    "N-1,Ada,,,,,,,,\n"
)


@pytest.fixture
def ids(owner: Actor, bakery: Customer) -> dict[str, int]:
    return {"id": bakery.id, "upload": int(upload(owner, CSV).location.rsplit("/", 1)[1])}


def status(actor: Actor, route: tuple[str, str], ids: dict[str, int]) -> int:
    method, url = route
    return actor.open(method, url.format(**ids)).status_code


@pytest.mark.parametrize("route", READ + WRITE)
def test_owners_reach_everything(owner: Actor, ids: dict[str, int], route: tuple[str, str]):
    assert status(owner, route, ids) in (200, 303, 422)


@pytest.mark.parametrize("route", READ + WRITE[:7])
def test_dispatchers_too(dispatcher: Actor, ids: dict[str, int], route: tuple[str, str]):
    assert status(dispatcher, route, ids) in (200, 303, 422)


@pytest.mark.parametrize("route", WRITE[7:])
def test_a_colleagues_upload_is_not_theirs(dispatcher: Actor, ids: dict[str, int], route: tuple[str, str]):
    assert status(dispatcher, route, ids) == 404


@pytest.mark.parametrize("route", READ)
def test_technicians_read(technician: Actor, ids: dict[str, int], route: tuple[str, str]):
    assert status(technician, route, ids) == 200


@pytest.mark.parametrize("route", WRITE)
def test_technicians_write_nothing(technician: Actor, ids: dict[str, int], route: tuple[str, str]):
    assert status(technician, route, ids) == 403


def test_technicians_are_not_shown_what_they_may_not_do(technician: Actor, bakery: Customer):
    assert f"/customers/{bakery.id}/edit" not in technician.get(f"/customers/{bakery.id}").text


@pytest.mark.parametrize("route", OF_ONE_RECORD)
def test_another_companys_records_do_not_exist(stranger: Actor, ids: dict[str, int], route: tuple[str, str]):
    assert status(stranger, route, ids) == 404


@pytest.mark.parametrize("route", READ + WRITE)
def test_without_a_session_one_signs_in_first(app, ids: dict[str, int], route: tuple[str, str]):
    method, url = route
    answer = app.test_client().open(url.format(**ids), method=method)
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")


def test_an_id_beyond_any_integer_is_not_found(owner: Actor):
    assert owner.get(f"/customers/{10**30}").status_code == 404
