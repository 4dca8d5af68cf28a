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
from app.quickbooks.api import oauth
from app.quickbooks.models import Connection, ConnectionState, Preferences

log = logging.getLogger(__name__)


class AlreadyConnected(Exception):
    """Another QuickBooks company is connected already, or another FSM Navigator company holds this one."""


def live_connection(company_id: int) -> Connection | None:
    """The connection a company has now: connected, or in need of a reconnect."""
    return db.session.scalar(
        select(Connection).where(
            Connection.company_id == company_id, Connection.state != ConnectionState.DISCONNECTED
        )
    )


def link(company_id: int, realm_id: str, granted: oauth.Tokens) -> Connection:
    """Start, or go on with, the link to a realm. The caller commits.

    The rows of a realm are found again when it comes back; another realm starts with none.
    Raises AlreadyConnected.
    """
    environment = current_app.config["QUICKBOOKS_ENVIRONMENT"]
    connection = _known(company_id, environment, realm_id) or _new(company_id, environment, realm_id)
    connection.state, connection.connected_at = ConnectionState.CONNECTED, now()
    connection.disconnected_at = connection.paused_until = None
    connection.pause_code = ""
    tokens.store(connection, granted)
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise AlreadyConnected from error
    return connection


def disconnect(connection: Connection) -> None:
    """Stop at once, forget the tokens, and tell Intuit; Intuit's answer changes nothing here. Commits."""
    refresh_token = _refresh_token(connection)
    connection.state, connection.disconnected_at = ConnectionState.DISCONNECTED, now()
    connection.access_token = connection.refresh_token = ""
    connection.access_expires_at = connection.refresh_expires_at = None
    text = f"disconnected QuickBooks {connection.remote_name}".strip()
    record(Kind.QUICKBOOKS, text, connection.company_id)
    db.session.commit()
    if refresh_token is None:
        return
    try:
        oauth.revoke(oauth.OAuthSettings.from_config(current_app.config), refresh_token)
    except oauth.OAuthError as error:
        log.warning("Intuit did not confirm the end of connection %s: %s", connection.id, error)


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
