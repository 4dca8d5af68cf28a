"""A worker that is told to stop hears it, whatever it is doing just then."""

import signal
import subprocess
import sys

import pytest

WHILE_ANOTHER_IS_ASKING = """
import os, signal
from app import shutdown

shutdown.listen()
with shutdown.requested._cond:  # as everybody who waits for it, for a moment
    os.kill(os.getpid(), signal.{name})
shutdown.wait()
assert shutdown.requested.is_set()
print("heard")
"""

TWICE = """
import os, signal
from app import shutdown

shutdown.listen()
os.kill(os.getpid(), signal.{name})
shutdown.wait()
print("heard", flush=True)
os.kill(os.getpid(), signal.{name})
print("not ended")
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_is_heard_at_any_moment(name):
    ended = run(WHILE_ANOTHER_IS_ASKING.format(name=name))
    assert (ended.returncode, ended.stdout) == (0, "heard\n")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_second_signal_ends_the_process_at_once(name):
    ended = run(TWICE.format(name=name))
    assert (ended.returncode, ended.stdout) == (-signal.Signals[name], "heard\n")


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=20)
