"""A moment that is kept by name, and gone back to."""

import pytest
import requests

from tests.realms import US
from tests.simulator.connected import connect, line
from tests.simulator_process import SimulatorProcess


def test_all_is_as_it_was(simulator: SimulatorProcess) -> None:
    us = connect(simulator, US)
    invoice = us.invoice(us.customer(), line("19.99"), DocNumber="A1")
    deleted = us.invoice(us.customer("Gone"))
    simulator.bookkeeper(US, "Invoice", deleted["Id"], "delete")
    answer = us.post("customer?requestid=r1", {"DisplayName": "Once"})
    simulator.settings(item_latency_ms=5)
    before, day = simulator.books(US), simulator.control("POST", "clock", {})["now"][:10]
    simulator.control("POST", "scenes/billed")
    for _ in range(2):
        simulator.bookkeeper(US, "Invoice", invoice["Id"], "void")
        us.customer("Later")
        simulator.settings(item_latency_ms=0)
        simulator.script(effect="status", status=500)
        simulator.control("POST", "clock", {"advance_seconds": 86400})
        simulator.control("POST", "scenes/billed/return")
        assert simulator.books(US) == before
        assert us.get(f"invoice/{invoice['Id']}")["Invoice"] == invoice
        assert us.post("customer?requestid=r1", {"DisplayName": "Once"}) == answer
        assert simulator.settings()["item_latency_ms"] == 5
        assert simulator.control("GET", "scripts") == []
        assert simulator.control("POST", "clock", {})["now"][:10] == day
        assert us.customer("Next")["Id"] == str(int(answer["Customer"]["Id"]) + 1)


def test_an_unknown_one_changes_nothing(simulator: SimulatorProcess) -> None:
    us = connect(simulator, US)
    us.customer("Here")
    with pytest.raises(requests.HTTPError, match="404"):
        simulator.control("POST", "scenes/never/return")
    assert [one["DisplayName"] for one in simulator.books(US)["Customer"]] == ["Here"]
