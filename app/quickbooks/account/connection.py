"""Connect, reconnect and disconnect a company (domain, promises 2, 3, 8 and 9)."""

import logging

from cryptography.fernet import InvalidToken
from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.activity.models import Kind
from app.activity.recording import record
from app.extensions import db, now, secrets_box
from app.quickbooks.account import tokens
from app.quickbooks.account.giving_back import revoke
from app.quickbooks.api import oauth
from app.quickbooks.models import LIVE, Connection, ConnectionState, Preferences

log = logging.getLogger(__name__)


class StillLinked(Exception):
    """The company is linked to another QuickBooks company."""


class InUse(Exception):
    """Another FSM Navigator company is linked to this QuickBooks company."""


def live_connection(company_id: int) -> Connection | None:
    """The connection a company has now: connected, or in need of a reconnect."""
    return db.session.scalar(select(Connection).where(Connection.company_id == company_id, LIVE))


def link(company_id: int, realm_id: str, granted: oauth.Tokens) -> Connection:
    """Start, or go on with, the link to a realm that was proven (account/proof.py). The caller commits.

    The rows of a realm are found again when it comes back; another realm starts with none.
    Raises StillLinked and InUse; the session is rolled back then.
    """
    try:
        return _link(company_id, realm_id, granted)
    except IntegrityError as error:
        db.session.rollback()
        present = live_connection(company_id)
        if present is None:
            raise InUse from error
        if present.realm_id != realm_id:
            raise StillLinked from error
    return _link(company_id, realm_id, granted)  # another window was quicker with the same realm


def _link(company_id: int, realm_id: str, granted: oauth.Tokens) -> Connection:
    """Raises IntegrityError."""
    environment = current_app.config["QUICKBOOKS_ENVIRONMENT"]
    connection = _known(company_id, environment, realm_id) or _new(company_id, environment, realm_id)
    connection.state, connection.connected_at = ConnectionState.CONNECTED, now()
    connection.disconnected_at = connection.paused_until = None
    connection.pause_code = ""
    connection.authorization_ends_at = None  # of the grant before
    connection.customers_read_at = None  # others may have been entered meanwhile
    connection.told_kinds, connection.unheard_since = [], None  # nobody listened meanwhile
    connection.known_fresh_until = None
    connection.numbers_refused_at = None
    tokens.store(connection, granted)
    db.session.flush()
    return connection


def disconnect(connection: Connection) -> None:
    """Stop at once, forget the tokens, and tell Intuit; Intuit's answer changes nothing here. Commits."""
    refresh_token = _refresh_token(connection)
    connection.state, connection.disconnected_at = ConnectionState.DISCONNECTED, now()
    connection.access_token = connection.refresh_token = ""
    connection.access_expires_at = connection.refresh_expires_at = connection.authorization_ends_at = None
    text = f"disconnected QuickBooks {connection.remote_name}".strip()
    record(Kind.QUICKBOOKS, text, connection.company_id)
    db.session.commit()
    if refresh_token is not None:
        revoke(refresh_token)


def _refresh_token(connection: Connection) -> str | None:
    """None when no key opens it any more: then there is nothing to revoke with."""
    try:
        return secrets_box().open(connection.refresh_token)
    except InvalidToken:
        log.error(
            "The tokens of connection %s cannot be opened, so Intuit is not told of its end", connection.id
        )
        return None


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
