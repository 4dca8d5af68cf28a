"""What a worker never needs is not in its memory; bench/memory.py, small: every chore is done and measured."""

import subprocess
import sys

from bench import memory
from bench.scene import scene
from devtools.environment import development_settings
from devtools.stack import ROOT

HEAVY = "fpdf", "PIL", "zxcvbn", "alembic"  # 31, 12, 13 and 12 MB
LOADED = f"""
import sys, worker
worker.create_app(migrates=False)
print(*(name for name in {HEAVY} if name in sys.modules))
"""


def test_a_worker_loads_nothing_heavy_that_only_pages_use():
    environment = development_settings("postgresql+psycopg://nobody", "redis://127.0.0.1:1/0")
    loaded = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.split() == []


def test_every_chore_is_done():
    with scene(0, 0) as stack:
        peaks = memory.measured(stack, rows=40, lines=20, late=5)
    assert len(peaks) == 5
    assert all(megabytes > 20 for megabytes in peaks.values())
