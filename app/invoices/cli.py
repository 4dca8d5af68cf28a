"""Commands for operators: `flask invoices …`."""

import click
from flask import Flask
from flask.cli import AppGroup

from app.invoices.overdue import mark_overdue

group = AppGroup("invoices", help="Look after the invoices of all companies.")


def register(app: Flask) -> None:
    app.cli.add_command(group)


@group.command("mark-overdue")
def mark_overdue_command() -> None:
    """Mark what is past its due date with a balance; the worker does it every hour."""
    click.echo(f"Overdue now: {mark_overdue()}.")
