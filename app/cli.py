"""Commands for operators: `flask …`."""

from flask import Flask

from app.demo import company


def register(app: Flask) -> None:
    @app.cli.command("demo-company")
    def demo_company() -> None:
        """Make the companies to try things with, unless they exist."""
        company.build()
