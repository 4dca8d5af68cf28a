"""Commands for operators: `flask …`."""

from flask import Flask


def register(app: Flask) -> None:
    """Nothing yet."""
