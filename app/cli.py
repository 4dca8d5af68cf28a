"""Commands for operators: `flask …`."""

import click
from flask import Flask

from app.demo import company


def register(app: Flask) -> None:
    @app.cli.command("demo-company")
    def demo_company() -> None:
        """Make the companies to try things with, unless they exist."""
        if app.config["QUICKBOOKS_ENVIRONMENT"] == "production":
            raise click.ClickException("Its passwords are public: there is no demo company in production.")
        company.build()
