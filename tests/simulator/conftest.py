"""One simulator process for the run, back at its seed before each test, and somebody connected to it."""

from collections.abc import Iterator

import pytest

from tests.realms import AUTOMATED_TAX, UK, US
from tests.simulator.connected import Connected, connect
from tests.simulator.reference import missing
from tests.simulator_process import SimulatorProcess


@pytest.fixture(scope="session")
def running_simulator() -> Iterator[SimulatorProcess]:
    with SimulatorProcess() as simulator:
        yield simulator


@pytest.fixture
def simulator(running_simulator: SimulatorProcess) -> SimulatorProcess:
    running_simulator.reset()
    return running_simulator


@pytest.fixture
def us(simulator: SimulatorProcess) -> Connected:
    """A US company that keeps its own tax codes."""
    return connect(simulator, US)


@pytest.fixture
def automated_tax(simulator: SimulatorProcess) -> Connected:
    """A US company whose tax Intuit computes."""
    return connect(simulator, AUTOMATED_TAX)


@pytest.fixture
def uk(simulator: SimulatorProcess) -> Connected:
    return connect(simulator, UK)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not compared."""
    for path in missing():
        terminalreporter.write_sep(
            "!", f"NOT COMPARED with real QuickBooks answers: {path} is not there", red=True
        )
