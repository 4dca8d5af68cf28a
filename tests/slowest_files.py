"""A pytest plugin that ends a run with the ten slowest files: pytest -p tests.slowest_files.

Seconds are what set-up, test and tear-down took in all processes together.
"""

from collections import Counter

import pytest
from _pytest.terminal import TerminalReporter

FILES = 10


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    seconds: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                seconds[report.location[0]] += report.duration
    terminalreporter.section("slowest files")
    for path, spent in seconds.most_common(FILES):
        terminalreporter.write_line(f"{spent:7.1f} s  {path}")
