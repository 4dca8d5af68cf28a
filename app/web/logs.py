"""How every process of ours logs."""

import logging
from typing import Any

from app.web.masking import shown_text, shown_traceback

# They name rows, jobs and paths that are masked already; other packages may repeat a whole address.
OURS = ("app", "worker", "rq")
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def begin() -> None:
    """Call it before the app is made. gunicorn's own two logs keep their handlers and go nowhere else."""
    logging.basicConfig(level=logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # else it lists its plugins at each start
    for handler in logging.getLogger().handlers:
        handler.setFormatter(Formatter(FORMAT))
        if not any(isinstance(known, Masking) for known in handler.filters):
            handler.addFilter(Masking())


class Formatter(logging.Formatter):
    """Errors of requests hold the whole address, and those of PostgreSQL the values of a row."""

    def formatException(self, exc_info: Any) -> str:
        return shown_traceback(super().formatException(exc_info))


class Masking(logging.Filter):
    """No query and no secret in a path, in what others say of an address."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.split(".")[0] not in OURS:
            record.msg, record.args = shown_text(record.getMessage()), ()
        return True
