"""Links that carry the arguments of the present query on."""

from typing import Any

from flask import request, url_for


def query_link(endpoint: str, /, **arguments: Any) -> str:
    """A page of ours with the present query; what is given here wins (None takes one away). A template global."""
    return url_for(endpoint, **{**_carried(), **arguments})


def _carried() -> dict[str, str]:
    """Without what url_for would take for itself: anybody can write `endpoint` or `_scheme` into an address."""
    return {
        name: value for name, value in request.args.items() if name != "endpoint" and not name.startswith("_")
    }
