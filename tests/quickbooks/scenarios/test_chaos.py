"""A short run of bench/chaos.py, bookkeeper and all: whatever goes wrong, the books end up equal."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[3]
TRIALS = 20
OPTIONS = ("--trials", str(TRIALS), "--seed", "4", "--every", "10")


@contextmanager
def bench() -> Iterator[subprocess.Popen[str]]:
    """However it ends, it takes its many processes with it."""
    command = [sys.executable, "bench/chaos.py", *OPTIONS]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def test_nothing_is_lost_twice_or_stuck():
    with bench() as process:
        told, explained = process.communicate(timeout=500)
    assert told, explained
    found = json.loads(told.splitlines()[-1])
    wrong = ("lost", "duplicated", "mismatched", "overwritten", "untrue", "stuck", "failed_jobs")
    assert {name: found[name] for name in wrong} == dict.fromkeys(wrong, 0), explained
    assert found["trials"] >= TRIALS
    assert found["records"] > TRIALS
    assert [kind for kind, hits in found["hits"].items() if hits < TRIALS // 10] == []
    assert process.returncode == 0
