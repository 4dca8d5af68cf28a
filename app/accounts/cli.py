"""Commands for operators: `flask create-company`, `flask turn-off-two-step`."""

import click
from flask import Flask

from app.accounts import letters, opening, sessions, two_step
from app.accounts.models import Plan
from app.accounts.secrets import new_secret
from app.accounts.sign_in import user_of
from app.accounts.team import NotAllowed
from app.activity.models import ActivityKind
from app.activity.recording import record
from app.extensions import db


def register(app: Flask) -> None:
    app.cli.add_command(create_company)
    app.cli.add_command(turn_off_two_step)


@click.command("create-company")
@click.argument("name")
@click.argument("owner_email")
@click.option(
    "--plan", type=click.Choice([plan.value for plan in Plan]), default=Plan.PRO.value, show_default=True
)
def create_company(name: str, owner_email: str, plan: str) -> None:
    """Make a company. Its Owner chooses a password by the link that is printed, and mailed where mail leaves."""
    try:
        link = opening.create_company(name, owner_email.strip().lower(), Plan(plan))
    except NotAllowed as refusal:
        raise click.ClickException(str(refusal)) from None
    db.session.commit()
    click.echo(f"{name} is ready. Its Owner goes on here, within 48 hours:\n{link}")


@click.command("turn-off-two-step")
@click.argument("email")
def turn_off_two_step(email: str) -> None:
    """For somebody who lost the phone and the recovery codes. Make sure first that it is them."""
    user = user_of(email)
    if user is None or not user.has_two_step:
        raise click.ClickException(f"{email} does not sign in with two steps.")
    two_step.turn_off(user)
    sessions.end_all(user)
    record(ActivityKind.SIGN_IN, f"turned off two-step sign-in of {user.name}", user.company_id)
    letters.notice(user, "An operator turned off two-step sign-in.", f"two_step:{user.id}:{new_secret()}")
    db.session.commit()
    click.echo(f"{user.name} signs in with the password alone now.")
