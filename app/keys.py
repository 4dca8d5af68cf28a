"""`flask keys`: which encryption keys are still needed, before an old one is taken away."""

from collections import Counter
from typing import Any

import click
from flask import Flask, current_app
from sqlalchemy import SQLColumnExpression, select

from app.accounts.models import User
from app.extensions import db, secrets_box
from app.mail.models import Message
from app.quickbooks.models import Connection

SEALED: tuple[tuple[str, SQLColumnExpression[Any]], ...] = (
    ("access tokens", Connection.access_token),
    ("refresh tokens", Connection.refresh_token),
    ("two-step secrets", User.sealed_totp_secret),
    ("waiting letters", Message.sealed_body),
)


def register(app: Flask) -> None:
    @app.cli.command("keys")
    def keys() -> None:
        """Count what each key opens, the newest first; docs/operations.md says when one may go."""
        counts = {name: _by_key(column) for name, column in SEALED}
        places = list(range(1, len(current_app.config["TOKEN_ENCRYPTION_KEYS"]) + 1))
        for place in places:
            click.echo(f"key {place}: {_told({name: found[place] for name, found in counts.items()})}")
        click.echo(f"no key: {_told({name: found[None] for name, found in counts.items()})}")


def _by_key(column: SQLColumnExpression[Any]) -> Counter[int | None]:
    sealed = db.session.scalars(select(column).where(column != "").execution_options(yield_per=500))
    return Counter(secrets_box().opened_by(text) for text in sealed if text)


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())
