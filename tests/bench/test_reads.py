"""bench/reads.py, small: every target is met, and we count what QuickBooks counts."""

from bench import reads
from bench.scene import scene


def test_reads_stay_within_their_budget():
    with scene(0, 0, webhooks=True) as stack:
        result = reads.measured(stack, customers=20, invoices=20, a_day=5)
    assert [cost for cost in result.costs if not cost.is_met] == []
    assert [cost.reads for cost in result.costs] == [14, 3, 0, 0, 0, 30, 82]
    assert sum(result.reasons.values()) == result.stand_in
