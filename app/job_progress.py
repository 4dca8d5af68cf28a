"""How far a job is. It is told in Redis, because what the job writes is seen only when all is done; losing it loses
nothing.
"""

from redis.exceptions import RedisError

from app.extensions import redis

KEPT_SECONDS = 3600


def tell(job: str, percent: int) -> None:
    """`job` names what is done: "csv_import:7"."""
    try:
        redis().set(_key(job), percent, ex=KEPT_SECONDS)
    except RedisError:
        return


def told(job: str) -> int:
    """Percent; 0 when nobody has told."""
    try:
        return int(redis().get(_key(job)) or 0)
    except RedisError:
        return 0


def _key(job: str) -> str:
    return f"progress:{job}"
