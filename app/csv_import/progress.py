"""How far an import is. It is told in Redis, because the import is one transaction; losing it loses nothing."""

from redis.exceptions import RedisError

from app.extensions import redis

KEPT_SECONDS = 3600


def tell(upload_id: int, percent: int) -> None:
    try:
        redis().set(_key(upload_id), percent, ex=KEPT_SECONDS)
    except RedisError:
        return


def told(upload_id: int) -> int:
    """Percent; 0 when nobody has told."""
    try:
        return int(redis().get(_key(upload_id)) or 0)
    except RedisError:
        return 0


def _key(upload_id: int) -> str:
    return f"csv_import:{upload_id}"
