"""Commands for operators: `flask quickbooks …`."""

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select

from app.extensions import db
from app.quickbooks.account import metering
from app.quickbooks.account.tokens import TokenError
from app.quickbooks.api.errors import ApiError
from app.quickbooks.checks.audit import audit
from app.quickbooks.lane import restoration
from app.quickbooks.models import Connection, ConnectionState
from app.quickbooks.outbox.nudge import nudge

group = AppGroup("quickbooks", help="Look after the QuickBooks connections.")


def register(app: Flask) -> None:
    app.cli.add_command(group)


@group.command("audit")
@click.option("--company", "company_id", type=int, help="Only this company; else all that are connected.")
def audit_command(company_id: int | None) -> None:
    """Compare our books with QuickBooks' and list the differences; exit status 1 when there are any."""
    live = select(Connection).where(Connection.state == ConnectionState.CONNECTED).order_by(Connection.id)
    if company_id is not None:
        live = live.where(Connection.company_id == company_id)
    found = sum(_report(connection) for connection in db.session.scalars(live).all())
    raise SystemExit(1 if found else 0)


@group.command("after-restore")
def after_restore_command() -> None:
    """After the database was restored from a backup: read QuickBooks again before anything is sent."""
    connection_ids = restoration.doubt_everything()
    db.session.commit()
    for connection_id in connection_ids:
        nudge(connection_id)
    count = len(connection_ids)
    told = f"{count} connection{'' if count == 1 else 's'} in doubt"
    click.echo(f"{told}: QuickBooks is read again before anything is sent.")


@group.command("reads")
@click.option("--month", help="Such as 2026-11; else the present one, in Pacific time.")
def reads_command(month: str | None) -> None:
    """Show how often QuickBooks was read, by company and reason. Intuit counts reads, not writes."""
    month = month or metering.month()
    for connection in db.session.scalars(select(Connection).order_by(Connection.id)):
        reasons = metering.by_reason(connection.realm_id, month)
        listed = ", ".join(f"{reason} {times}" for reason, times in reasons.items())
        click.echo(
            f"{connection.company.name} → {connection.remote_name}: {sum(reasons.values())} ({listed})"
        )
    click.echo(f"All together in {month}: {metering.of_all(month)}")


def _report(connection: Connection) -> int:
    connection_id, title = connection.id, f"{connection.company.name} → {connection.remote_name}"
    db.session.commit()
    try:
        findings = audit(connection_id)
    except (ApiError, TokenError) as error:
        click.echo(f"{title}: QuickBooks could not be read ({error}).")
        return 1
    click.echo(f"{title}: {len(findings) or 'no'} difference{'' if len(findings) == 1 else 's'}.")
    for finding in findings:
        click.echo(f"  {finding.what}: {finding.record} {finding.detail}".rstrip())
    return len(findings)
