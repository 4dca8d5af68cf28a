"""The two tokens of a connection, sealed at rest, and why there may be none to use (contract section 1.5)."""

import logging
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken

from app.extensions import db, now, secrets_box
from app.quickbooks.account.connection import fresh_connection
from app.quickbooks.api import oauth
from app.quickbooks.models import Connection, ConnectionState

log = logging.getLogger(__name__)

# Renewals say in whole seconds how long the grant still lasts, so the same end comes out a little different.
SAME_END = timedelta(hours=1)
CONFIRM_AFTER = timedelta(seconds=60)  # Intuit's outages also answer invalid_grant: believe the second one


class TokenError(Exception):
    """No usable access token at present; `key` names what to say of it, for catalogue/."""

    key = "reconnect_needed"


class NotConnected(TokenError):
    """The connection is disconnected."""


class ReconnectNeeded(TokenError):
    """QuickBooks no longer accepts the connection's tokens; an Owner must connect again."""


class TokenUnavailable(TokenError):
    """Intuit's token endpoint did not help this time; try again later."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def store(connection: Connection, tokens: oauth.Tokens) -> None:
    """Both tokens at once; commit before using either."""
    connection.access_token = secrets_box().seal(tokens.access_token)
    connection.refresh_token = secrets_box().seal(tokens.refresh_token)
    connection.access_expires_at = now() + timedelta(seconds=tokens.expires_in)
    connection.refresh_expires_at = _end(connection.refresh_expires_at, tokens.refresh_expires_in)
    if tokens.hard_expires_in is not None:
        connection.authorization_ends_at = _end(connection.authorization_ends_at, tokens.hard_expires_in)
    connection.refresh_failed_at = connection.refreshing_until = None


def _end(known: datetime | None, seconds: int) -> datetime:
    """The known one where it is the same: people are told of an end by its moment, and not twice of one."""
    told = now() + timedelta(seconds=seconds)
    return known if known and abs(known - told) < SAME_END else told


def usable(connection_id: int) -> Connection:
    """As it is now. Raises NotConnected and ReconnectNeeded."""
    connection = fresh_connection(connection_id)
    if connection.state is ConnectionState.DISCONNECTED:
        raise NotConnected
    if connection.state is ConnectionState.RECONNECT_NEEDED:
        raise ReconnectNeeded
    return connection


def opened(connection: Connection, sealed: str) -> str:
    """Raises ReconnectNeeded when the key that sealed it was retired: only a new grant helps then. Commits then."""
    try:
        return secrets_box().open(sealed)
    except InvalidToken as error:
        log.error("The tokens of QuickBooks connection %s cannot be opened by any key", connection.id)
        connection.state, connection.pause_code = ConnectionState.RECONNECT_NEEDED, "tokens_unreadable"
        connection.reconnect_needed_at = now()
        db.session.commit()
        raise ReconnectNeeded from error
