"""What survives a restart when a file is given."""

from pathlib import Path

import pytest

from devtools.waiting import wait_until
from tests.realms import US
from tests.simulator.connected import Connected, connect, line
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


def test_a_company_that_was_founded_is_the_same_after_a_restart(tmp_path: Path) -> None:
    """How it is taxed, and which fields of its own it has, which differs from the first company at home."""
    options = ("--state", str(tmp_path / "state.json"))
    with SimulatorProcess().start(options=options) as first:
        nova = {"name": "Nova Heating", "automated_tax_in": "NV"}
        realm = first.control("POST", "companies", nova)["realm"]
        there = connect(first, realm)
        customer = there.customer()
        before = there.invoice(customer, line("100", TaxCodeRef={"value": "TAX"}), DocNumber="A1")
        books = first.books(realm)

    with SimulatorProcess().start(options=options) as second:
        again = Connected(second, realm, there.tokens)
        assert second.books(realm) == books
        after = again.invoice(customer, line("100", TaxCodeRef={"value": "TAX"}), DocNumber="A2")
        assert before["TxnTaxDetail"]["TotalTax"] > 0
        own = {"Id", "DocNumber", "MetaData"}
        assert {name: value for name, value in after.items() if name not in own} == {
            name: value for name, value in before.items() if name not in own
        }


def test_without_a_file_a_restart_forgets() -> None:
    with SimulatorProcess() as first:
        us = connect(first, US)
        us.customer()
    with SimulatorProcess() as second:
        assert second.books(US)["Customer"] == []
        assert Connected(second, US, us.tokens).call("GET", "preferences").status_code == 401


def test_a_change_is_appended_and_a_reset_starts_anew(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with SimulatorProcess().start(options=("--state", str(file))) as simulator:
        us = connect(simulator, US)
        us.customer("First")
        wait_until(lambda: '"First"' in file.read_text(), "the customer is written down")
        before = file.read_text()
        us.customer("Second")
        wait_until(lambda: '"Second"' in file.read_text(), "the customer is written down")
        after = file.read_text()
        simulator.control("POST", "companies", {"name": "Nova Heating"})
        simulator.reset()
        wait_until(lambda: '"First"' not in file.read_text(), "the reset is written down")

    assert after.startswith(before)
    assert after.removeprefix(before).count('["record"') == 1


def test_what_a_kill_tore_off_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with SimulatorProcess().start(options=("--state", str(file))) as first:
        founded = first.control("POST", "companies", {"name": "Nova Heating"})
        connect(first, US).customer("Kept")
    half_a_save = '["gone", "9130357992221046", "Customer", "4"]\n["gone", "91303'
    file.write_text(file.read_text() + half_a_save)

    with SimulatorProcess().start(options=("--state", str(file))) as second:
        assert [row["DisplayName"] for row in second.books(US)["Customer"]] == ["Kept"]
        assert founded in second.control("GET", "companies")


def test_another_file_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text('{"clock": 1}\n')
    with pytest.raises(RuntimeError):
        SimulatorProcess().start(options=("--state", str(file)))
    assert file.read_text() == '{"clock": 1}\n'
