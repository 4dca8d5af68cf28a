"""How often a company's people may have QuickBooks read, by pages that ask it while they wait and by runs that they
start. Intuit counts reads for all companies together (contract section 3.1), so no company may use them up.

Counted in Redis. While that is away nobody is refused.
"""

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute
from redis.exceptions import RedisError

from app.extensions import limiter
from app.quickbooks.api.errors import THROTTLED, Fault, NoTurn

LOOKS = RateLimitItemPerMinute(20)  # pages, and presses on them
REQUESTS = RateLimitItemPerDay(1000)  # of such pages; a long list takes several
RUNS = RateLimitItemPerDay(20)  # of each kind


class Enough(NoTurn):
    """The company's people have had QuickBooks read as often as they may; `words` say so, and until when."""

    def __init__(self, words: str) -> None:
        super().__init__(Fault(None, THROTTLED, words))
        self.words = words


def take_look(company_id: int) -> None:
    """For a page that is about to ask QuickBooks. Raises Enough."""
    if not _fits(LOOKS, company_id, "look"):
        raise Enough(
            f"Your company has looked at QuickBooks {LOOKS.amount} times within a minute. Try again in a minute."
        )


def take_request(company_id: int) -> None:
    """For one request of such a page. Raises Enough."""
    if not _fits(REQUESTS, company_id, "request"):
        raise Enough(
            f"Your company's pages have asked QuickBooks {REQUESTS.amount:,} times within a day, as often as they "
            "may. Try again tomorrow. What is sent to QuickBooks is not held up."
        )


def run_refused(company_id: int, kind: str) -> str:
    """Why a person may start no more runs of this kind today; empty for one that may be started, which counts."""
    if _fits(RUNS, company_id, kind):
        return ""
    return f"This was started {RUNS.amount} times within a day, and each time reads QuickBooks. Try again tomorrow."


def _fits(limit: RateLimitItem, company_id: int, what: str) -> bool:
    if not limiter.enabled:
        return True
    try:
        return limiter.limiter.hit(limit, f"quickbooks-{what}", str(company_id))
    except RedisError:
        return True
