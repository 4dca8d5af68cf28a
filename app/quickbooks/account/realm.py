"""Link a company to a QuickBooks company, anew or again (domain, promises 2, 3, 8 and 9)."""

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.extensions import db, now
from app.quickbooks.account import tokens
from app.quickbooks.account.connection import live_connection
from app.quickbooks.api import oauth
from app.quickbooks.models import Connection, ConnectionState, Preferences


class StillLinked(Exception):
    """The company is linked to another QuickBooks company."""


class InUse(Exception):
    """Another FSM Navigator company is linked to this QuickBooks company."""


def attach(company_id: int, realm_id: str, granted: oauth.Tokens) -> Connection:
    """Start, or go on with, the link to a realm that was proven (account/proof.py). The caller commits.

    The rows of a realm are found again when it comes back; another realm starts with none.
    Raises StillLinked and InUse; the session is rolled back then.
    """
    try:
        return _attach(company_id, realm_id, granted)
    except IntegrityError as error:
        db.session.rollback()
        present = live_connection(company_id)
        if present is None:
            raise InUse from error
        if present.realm_id != realm_id:
            raise StillLinked from error
    return _attach(company_id, realm_id, granted)  # another window was quicker with the same realm


def was_reset(connection: Connection) -> bool:
    """QuickBooks said so, and took no change of anything linked since: what it is linked to means nothing there."""
    return connection.reset_told_at is not None


def set_aside(connection: Connection) -> None:
    """Keep it under no realm, so that its realm starts clean when it comes back (contract section 5, 10200). The
    caller commits.
    """
    connection.realm_id = f"{connection.realm_id}-{connection.id}"


def _attach(company_id: int, realm_id: str, granted: oauth.Tokens) -> Connection:
    """Raises IntegrityError."""
    environment = current_app.config["QUICKBOOKS_ENVIRONMENT"]
    connection = _known(company_id, environment, realm_id) or _new(company_id, environment, realm_id)
    connection.state, connection.connected_at = ConnectionState.CONNECTED, now()
    connection.disconnected_at = connection.paused_until = connection.reset_told_at = None
    connection.pause_code = ""
    connection.authorization_ends_at = None  # of the grant before
    connection.customers_read_at = None  # others may have been entered meanwhile
    connection.facts_read_at = None  # so may the settings: the lane reads them first
    connection.told_kinds, connection.unheard_since = [], None  # nobody listened meanwhile
    connection.known_fresh_until = None
    connection.numbers_refused_at = None
    tokens.store(connection, granted)
    db.session.flush()
    return connection


def _known(company_id: int, environment: str, realm_id: str) -> Connection | None:
    return db.session.scalar(
        select(Connection).filter_by(company_id=company_id, environment=environment, realm_id=realm_id)
    )


def _new(company_id: int, environment: str, realm_id: str) -> Connection:
    connection = Connection(
        company_id=company_id,
        environment=environment,
        realm_id=realm_id,
        facts={},
        preferences=Preferences(sync_customers=True, sync_invoices=True),
    )
    db.session.add(connection)
    return connection
