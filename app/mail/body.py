"""What a message says: rendered when it is queued, sealed while it waits."""

from typing import Any

from flask import render_template

from app.extensions import secrets_box
from app.lib import exact_json


def render(template: str, context: dict[str, Any]) -> str:
    """Plain text and HTML out of `<template>.txt` and `<template>.html`, sealed."""
    return secrets_box().seal(
        exact_json.dumps(
            {
                "text": render_template(f"{template}.txt", **context).strip() + "\n",
                "html": render_template(f"{template}.html", **context),
            }
        )
    )


def opened(sealed: str) -> tuple[str, str]:
    """The text and the HTML. Raises cryptography.fernet.InvalidToken when the key is gone."""
    body = exact_json.loads(secrets_box().open(sealed))
    return body["text"], body["html"]
