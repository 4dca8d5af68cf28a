"""Commands for operators: `flask …`."""

import click
from flask import Flask
from redis.exceptions import RedisError

from app import keys
from app.demo import company
from app.extensions import redis


def register(app: Flask) -> None:
    keys.register(app)

    @app.cli.command("demo-company")
    def demo_company() -> None:
        """Make the companies to try things with, unless they exist."""
        if app.config["QUICKBOOKS_ENVIRONMENT"] == "production":
            raise click.ClickException("Its passwords are public: there is no demo company in production.")
        company.build()

    @app.cli.command("check-redis")
    def check_redis() -> None:
        """Say whether Redis answers. A release asks: what lives without Redis would hide that it never answers."""
        try:
            redis().ping()
        except RedisError as error:
            raise click.ClickException(f"Redis (REDIS_URL) does not answer: {_why(error)}") from None
        click.echo("Redis answers.")


def _why(error: RedisError) -> str:
    if "CERTIFICATE_VERIFY_FAILED" not in str(error):
        return str(error)
    return "its certificate cannot be verified. Heroku's has signed itself: set REDIS_TLS_VERIFY=0 there."
