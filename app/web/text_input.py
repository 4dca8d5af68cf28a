"""What no person types and PostgreSQL text cannot hold is refused before any view sees it."""

from flask import Flask, abort, request


def register(app: Flask) -> None:
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    for _, values in request.values.lists():
        if any("\0" in value for value in values):
            abort(400)
