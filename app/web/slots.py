"""Places in a host page that other rooms fill, so that the host need not know them.

The host's template asks `slot("invoice_page", invoice=invoice)`; whoever filled the slot answers, in the order
of registration. A slot for a list is asked once a page and returns markup by record id: one query, not one a row.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup

Filler = Callable[..., Markup]
RowsFiller = Callable[..., dict[int, Markup]]


def register(app: Flask) -> None:
    app.jinja_env.globals.update(slot=slot, slot_rows=slot_rows)


def fill(app: Flask, name: str, filler: Filler | RowsFiller) -> None:
    app.extensions.setdefault("slots", defaultdict(list))[name].append(filler)


def slot(name: str, **context: Any) -> Markup:
    return Markup().join(filler(**context) for filler in _fillers(name))


def slot_rows(name: str, **context: Any) -> dict[int, Markup]:
    rows: dict[int, Markup] = defaultdict(Markup)
    for filler in _fillers(name):
        for record_id, markup in filler(**context).items():
            rows[record_id] += markup
    return rows


def _fillers(name: str) -> list[Callable[..., Any]]:
    return current_app.extensions.get("slots", {}).get(name, [])
