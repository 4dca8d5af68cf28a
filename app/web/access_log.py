"""What gunicorn logs: who asked for which path, and what came of it. Never a query, never a secret in a path."""

from typing import Any

from gunicorn.glogging import Logger

from app.web.masking import shown_path, shown_text

FORMAT = '%(h)s "%(m)s %(U)s" %(s)s %(B)s bytes %(M)s ms'


class AccessLog(Logger):
    """A query may hold Intuit's `code`, `state` and `realmId`, or what somebody searched for."""

    def atoms(self, *request: Any) -> dict[str, Any]:
        atoms = super().atoms(*request)
        path = shown_path(atoms["U"] or "")
        atoms["U"] = "".join(sign if sign.isprintable() else "?" for sign in path)  # one line a request
        return atoms

    def exception(self, text: str, *values: Any, **options: Any) -> None:
        """Of a request that broke, gunicorn names the whole address."""
        super().exception(text, *map(_masked, values), **options)

    def warning(self, text: str, *values: Any, **options: Any) -> None:
        """Of a request that cannot be read, gunicorn repeats the line."""
        super().warning(_masked(text), *map(_masked, values), **options)


def _masked(value: Any) -> Any:
    return shown_text(value) if isinstance(value, str) else value
