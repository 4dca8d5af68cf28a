"""What to do about a refusal: decided from the catalogue's kind and the row's history, delays partly by chance."""

import random
from dataclasses import dataclass
from datetime import timedelta

from app.quickbooks.catalogue import Entry, RefusalKind, problem
from app.quickbooks.catalogue.keys import COMPANY_RESET

MAX_TRIES = 10
MAX_FIXES = 3
FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=1), timedelta(hours=6)

THROTTLE_PAUSE = timedelta(seconds=60)  # contract section 3: Intuit's advice where it names no time
OUTAGE_PAUSE = timedelta(seconds=30)
# The company's trouble, not the row's.
LANE_STOPPERS = {"subscription_lapsed": timedelta(hours=1), COMPANY_RESET: timedelta(hours=1)}


@dataclass(frozen=True)
class Again:
    """Send the row again now, after what can be repaired is repaired."""


@dataclass(frozen=True)
class Later:
    """Back off, and count the try."""

    entry: Entry
    delay: timedelta


@dataclass(frozen=True)
class Park:
    """A person has to do something first."""

    entry: Entry


@dataclass(frozen=True)
class PauseLane:
    """Nothing of this company can be sent for a while; the row is not to blame."""

    code: str
    delay: timedelta


@dataclass(frozen=True)
class AskToReconnect:
    """QuickBooks does not let this connection in any more."""

    entry: Entry


Decision = Again | Later | Park | PauseLane | AskToReconnect


def decide(entry: Entry, attempts: int, fixes: int) -> Decision:
    """`attempts` and `fixes` count what this row has behind it since it was last queued."""
    if entry.key in LANE_STOPPERS:
        return PauseLane(entry.key, LANE_STOPPERS[entry.key])
    match entry.kind:
        case RefusalKind.THROTTLED:
            return PauseLane("throttled", THROTTLE_PAUSE)
        case RefusalKind.OUTAGE:
            return PauseLane(entry.key, OUTAGE_PAUSE)
        case RefusalKind.AUTHORIZATION:
            return AskToReconnect(entry)
        case RefusalKind.FIXABLE:
            return Again() if fixes < MAX_FIXES else Park(entry)
        case RefusalKind.TRANSIENT:
            if attempts + 1 >= MAX_TRIES:
                return Park(problem("tries_used_up"))
            return Later(entry, backoff(attempts))
        case _:
            return Park(entry)


def is_again(entry: Entry, attempts: int, fixes: int) -> bool:
    """It is mended and sent once more, and that has not been done too often."""
    return isinstance(decide(entry, attempts, fixes), Again)


def backoff(attempts: int, jitter: float | None = None) -> timedelta:
    """Doubles from one minute to six hours; between 75 and 125 % of that, so that rows spread."""
    share = random.random() if jitter is None else jitter
    delay = min(FIRST_DELAY * 2**attempts, LONGEST_DELAY)
    return min(delay * (0.75 + share / 2), LONGEST_DELAY)
