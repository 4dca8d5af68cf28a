"""Starts the product's programs quickly: one process has imported everything, and each program is a fork of it.

Importing takes a second of CPU, and a bench that kills its workers starts many. What is killed is a process of its
own all the same.
"""

import json
import os
import random
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import psutil

from devtools.stack import ROOT


class Forked:
    """A process that is not our child, with what subprocess.Popen offers."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._process = psutil.Process(pid)

    def send_signal(self, number: int) -> None:
        with suppress(psutil.NoSuchProcess):
            self._process.send_signal(number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def poll(self) -> int | None:
        """None while it runs."""
        return None if self._process.is_running() else 0

    def wait(self, timeout: float | None = None) -> int:
        """Raises subprocess.TimeoutExpired."""
        try:
            self._process.wait(timeout)
        except psutil.TimeoutExpired as error:
            raise subprocess.TimeoutExpired(str(self.pid), error.seconds) from error
        return 0


class Nursery:
    def __init__(self) -> None:
        command = [sys.executable, "-m", "devtools.chaos.nursery"]
        self._mother = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self, program: str, *options: str, log: Path, environment: dict[str, str]) -> Forked:
        """One of PROGRAMS."""
        assert self._mother.stdin
        assert self._mother.stdout
        order = {"program": program, "options": options, "log": str(log), "environment": environment}
        print(json.dumps(order), file=self._mother.stdin, flush=True)
        return Forked(int(self._mother.stdout.readline()))

    def close(self) -> None:
        self._mother.communicate()


def _mother() -> None:
    """Forks a program for each line of orders, and answers with its process id."""
    programs = _programs()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system forgets who has ended
    for line in iter(sys.stdin.readline, ""):
        order = json.loads(line)
        if (pid := os.fork()) == 0:
            _become(programs[order["program"]], order)
        print(pid, flush=True)


def _programs() -> dict[str, Callable[[], object]]:
    """What takes long to import is imported here, once."""
    from gunicorn.app import wsgiapp

    from devtools.chaos import programs

    return {"web": wsgiapp.run, "worker": programs.main}


def _become(program: Callable[[], object], order: dict) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for number in (1, 2):
        os.dup2(log, number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(order["environment"])
    random.seed()
    sys.argv = [order["program"], *order["options"]]
    code = 1
    try:
        program()
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _mother()
