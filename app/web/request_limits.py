"""What no page of ours ever sends is refused before a view or the database sees it."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request
from werkzeug.exceptions import BadHost, SecurityError
from werkzeug.routing import IntegerConverter, ValidationError

LARGEST_ID = 2**31 - 1
MAX_FIELDS = 3000  # the largest form is an invoice: 200 lines of five fields
View = TypeVar("View", bound=Callable[..., Any])


def register(app: Flask) -> None:
    """Before the rooms: their routes use the converter."""
    app.url_map.converters["int"] = RecordIdConverter
    app.before_request(_refuse_host)
    app.before_request(_refuse_many_fields)
    app.before_request(_refuse_nul)
    app.before_request(_refuse_field_names)
    app.before_request(_refuse_json)


def record_id(text: str) -> int:
    """Raises ValueError for what no id column can hold."""
    number = int(text)
    if not 0 < number <= LARGEST_ID:
        raise ValueError(f"No record has the id {number}.")
    return number


class RecordIdConverter(IntegerConverter):
    """`<int:…>` in a route; an id beyond the column's range does not match, which is 404."""

    def to_python(self, value: str) -> int:
        try:
            return record_id(value)
        except ValueError:
            raise ValidationError from None


def _refuse_host() -> None:
    """Before anything else is refused: without a host no address can be made, and an error page is full of them."""
    if isinstance(request.routing_exception, (SecurityError, BadHost)):
        raise request.routing_exception


def takes_long_lists(view: View) -> View:
    """A decorator for a route whose form has a field for each record of a list, however long."""
    view.takes_long_lists = True  # type: ignore[attr-defined]
    return view


def _refuse_many_fields() -> None:
    """2 MB hold 95,000 fields, and a form with its page is made of all of them."""
    if sum(map(len, request.form.listvalues())) > MAX_FIELDS and not _has_mark("takes_long_lists"):
        abort(400)


def _refuse_field_names() -> None:
    """Ours are ASCII. WTForms takes the ² of `lines-²-item` for a number that int() then refuses."""
    if not all(name.isascii() for name in request.form):
        abort(400)


def takes_json(view: View) -> View:
    """A decorator for a route that programs call."""
    view.takes_json = True  # type: ignore[attr-defined]
    return view


def _refuse_json() -> None:
    """Forms alone are read, but for what programs send; Flask-WTF would take any JSON for one."""
    if request.is_json and not _has_mark("takes_json"):
        abort(415)


def _refuse_nul() -> None:
    """PostgreSQL's text cannot hold it."""
    for _, values in request.values.lists():
        if any("\0" in value for value in values):
            abort(400)


def _has_mark(name: str) -> bool:
    """Whether the route that is asked for has a decorator of this module."""
    return getattr(current_app.view_functions.get(request.endpoint or ""), name, False)
