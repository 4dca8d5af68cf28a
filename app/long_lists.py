"""A statement with a long list of values is planned for that list, each time.

psycopg prepares a statement that comes again, and PostgreSQL then keeps one plan of it, made for any values. One
made while a table was small reads all of it for each value: 70,000 rows took minutes in place of seconds.
"""

from typing import Any

from psycopg import ServerCursor
from sqlalchemy import Engine, event

LONG = 500  # values: fewer cost less than planning anew


def register() -> None:
    if not event.contains(Engine, "do_execute", _plan_anew):
        event.listen(Engine, "do_execute", _plan_anew)


def _plan_anew(cursor: Any, statement: str, parameters: Any, _context: Any) -> bool:
    """True: it was executed here. A cursor of the server (rows that are streamed) is never prepared."""
    if isinstance(cursor, ServerCursor) or not isinstance(parameters, dict):
        return False
    if not any(isinstance(value, list) and len(value) > LONG for value in parameters.values()):
        return False
    cursor.execute(statement, parameters, prepare=False)
    return True
