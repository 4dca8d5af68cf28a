"""Places in a host page that another room fills, so that the host need not know it.

The host's template asks `slot("invoice_row_actions", invoices=rows)`; whoever registered it answers.
A slot for a list is asked once a page and returns markup by record id: one query, not one a row.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup

Filler = Callable[..., Markup]
RowsFiller = Callable[..., dict[int, Markup]]


def register(app: Flask) -> None:
    app.extensions["slots"] = {}
    app.jinja_env.globals.update(slot=_slot, slot_rows=_slot_rows)


def fill(app: Flask, name: str, filler: Filler | RowsFiller) -> None:
    app.extensions["slots"][name] = filler


def _slot(name: str, **context: Any) -> Markup:
    filler = current_app.extensions["slots"].get(name)
    return filler(**context) if filler else Markup("")


def _slot_rows(name: str, **context: Any) -> dict[int, Markup]:
    filler = current_app.extensions["slots"].get(name)
    return filler(**context) if filler else {}
