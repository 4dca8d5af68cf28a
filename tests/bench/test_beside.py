"""bench/beside.py, small: what is saved beside a big company arrives, and nothing is throttled."""

from bench import beside
from bench.scene import scene


def test_saves_beside_a_big_company_arrive():
    options = beside.Options(companies=3, rows=60, seconds=8, every=2, latency=0, item_latency=0)
    with scene(options.latency, options.item_latency) as stack:
        result = beside.measured(stack, options)
    assert result.saves >= options.companies
    assert (result.unsent, result.throttled) == (0, {})
    assert result.tie_outs >= 1
