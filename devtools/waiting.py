"""Wait for a condition instead of sleeping and hoping."""

import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def wait_until(
    condition: Callable[[], Result], what: str, seconds: float = 30, every: float = 0.05
) -> Result:
    """The condition's first true value. Raises TimeoutError, naming what was waited for."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(every)
    raise TimeoutError(f"Waited {seconds:g} s in vain: {what}")
