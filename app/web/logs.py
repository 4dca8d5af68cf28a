"""How every process of ours logs."""

import logging

from app.web.masking import shown_text

# They name rows, jobs and paths that are masked already; other packages may repeat a whole address.
OURS = ("app", "worker", "rq")


def begin() -> None:
    """Call it before the app is made. gunicorn's own two logs keep their handlers and go nowhere else."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)  # else it lists its plugins at each start
    for handler in logging.getLogger().handlers:
        if not any(isinstance(known, Masking) for known in handler.filters):
            handler.addFilter(Masking())


class Masking(logging.Filter):
    """No query and no secret in a path, in what others say of an address."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.split(".")[0] not in OURS:
            record.msg, record.args = shown_text(record.getMessage()), ()
        return True
