"""bench/first_sync.py, small: all of it arrives, nothing is throttled, and it costs few statements and reads."""

from bench import first_sync
from bench.scene import scene


def test_a_first_sync_costs_little_a_row():
    with scene(latency_ms=0, item_latency_ms=0) as stack:
        result = first_sync.first_sync(stack, customers=120, invoices=280)
    assert result.synced == result.rows == 402  # two items among them
    assert result.throttled == 0
    assert result.statements <= 1.5
    assert result.batches >= 9
    assert result.reads <= 20
