"""The access log: who asked for which path, and what came of it. Never a query, never a secret in a path."""

import re
from typing import Any

from gunicorn.glogging import Logger

FORMAT = '%(h)s "%(m)s %(U)s" %(s)s %(B)s bytes %(M)s ms'
SECRET = re.compile(r"[^/]{25,}")  # a link's token; ids and names of pages are shorter


class AccessLog(Logger):
    """A query may hold Intuit's `code`, `state` and `realmId`, or what somebody searched for."""

    def atoms(self, *request: Any) -> dict[str, Any]:
        atoms = super().atoms(*request)
        path = SECRET.sub("…", atoms["U"] or "")
        atoms["U"] = "".join(sign if sign.isprintable() else "?" for sign in path)  # one line a request
        return atoms
