"""What survives a restart when a file is given."""

from pathlib import Path

from tests.simulator.connected import US, Connected, connect, line
from tests.simulator_process import SimulatorProcess


def test_books_tokens_and_request_ids_survive_a_restart(tmp_path: Path) -> None:
    options = ("--state", str(tmp_path / "state.json"))
    with SimulatorProcess().start(options=options) as first:
        us = connect(first, US)
        invoice = us.invoice(us.customer(), line("19.99"), DocNumber="A1")
        deleted = us.invoice(us.customer("Gone"))
        first.bookkeeper(US, "Invoice", deleted["Id"], "delete")
        answer = us.post("customer?requestid=r1", {"DisplayName": "Once"})
        first.company(US, suspended=True)
        books = first.books(US)

    with SimulatorProcess().start(options=options) as second:
        again = Connected(second, US, us.tokens)
        assert second.books(US) == books
        assert again.get(f"invoice/{invoice['Id']}")["Invoice"] == invoice
        assert again.post("customer?requestid=r1", {"DisplayName": "Once"}) == answer
        assert again.refused("customer", {"DisplayName": "Once"})["code"] == "6190"
        second.company(US, suspended=False)
        assert again.refused("customer", {"DisplayName": "Once"})["code"] == "6240"
        assert again.customer("Next")["Id"] == str(int(answer["Customer"]["Id"]) + 1)


def test_without_a_file_a_restart_forgets() -> None:
    with SimulatorProcess() as first:
        us = connect(first, US)
        us.customer()
    with SimulatorProcess() as second:
        assert second.books(US)["Customer"] == []
        assert Connected(second, US, us.tokens).call("GET", "preferences").status_code == 401
