"""bench/rehearsal.py, small: it tells of every row, writes nothing there, and reads little."""

from bench import rehearsal
from bench.scene import scene


def test_a_rehearsal_tells_all_and_costs_little():
    with scene(latency_ms=0, item_latency_ms=0) as stack:
        result = rehearsal.measured(stack, customers=60, invoices=140)
    assert result.told == result.would_go == result.rows == 200
    assert result.writes == 0
    assert result.reads <= 10
    assert result.statements <= 1
