"""A usable access token of a connection: renewed by one process at a time (contract section 1.5).

Nothing here keeps a transaction open while Intuit is asked.
"""

import logging
import time
from datetime import timedelta

from flask import current_app
from sqlalchemy import or_, update

from app.extensions import db, now, rows_changed
from app.patience import patiently
from app.quickbooks.account import tokens
from app.quickbooks.account.giving_back import give_back_unless_linked
from app.quickbooks.api import oauth
from app.quickbooks.models import Connection, ConnectionState

log = logging.getLogger(__name__)

EARLY = timedelta(minutes=5)  # renew this long before the access token ends
CLAIM = timedelta(seconds=40)  # longer than the token request's own timeout


def token(connection_id: int) -> str:
    """A token good for minutes to come. Commits. Raises TokenError."""
    return token_of(tokens.usable(connection_id))


def token_of(connection: Connection) -> str:
    """As `token`, of a connection that was just read by tokens.usable."""
    connection_id, token = connection.id, tokens.opened(connection, connection.access_token)
    fresh = connection.access_expires_at is not None and connection.access_expires_at - EARLY > now()
    db.session.commit()
    return token if fresh else renew(connection_id, token)


def renew(connection_id: int, stale: str) -> str:
    """Replace an access token, unless somebody else has already. Raises TokenError. After a first invalid_grant
    Intuit is not asked for a while: each refused attempt may cost a refresh token that is still good.
    """
    while True:
        connection = tokens.usable(connection_id)
        sealed, token = connection.access_token, tokens.opened(connection, connection.access_token)
        refresh_token = tokens.opened(connection, connection.refresh_token)
        refused_at, realm_id = connection.refresh_failed_at, connection.realm_id
        db.session.commit()
        if token != stale:
            return token
        if refused_at and refused_at + tokens.CONFIRM_AFTER > now():
            raise tokens.TokenUnavailable("authorization_doubtful")
        if _claim(connection_id, sealed):
            return _exchange(connection_id, realm_id, refresh_token, sealed)
        time.sleep(0.1)


def _claim(connection_id: int, sealed: str) -> bool:
    """One refresher a connection, and only while the tokens are those that were read: a refresh token that was
    replaced meanwhile must not be used. A claim whose owner died runs out.
    """
    free = or_(Connection.refreshing_until.is_(None), Connection.refreshing_until < now())
    claimed = rows_changed(
        update(Connection)
        .where(Connection.id == connection_id, Connection.access_token == sealed, free)
        .values(refreshing_until=now() + CLAIM)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return claimed == 1


def _exchange(connection_id: int, realm_id: str, refresh_token: str, sealed: str) -> str:
    """`realm_id`: of before Intuit is asked. A connection that is set aside meanwhile has none of Intuit's."""
    settings = oauth.OAuthSettings.from_config(current_app.config)
    try:
        granted = oauth.refresh(settings, refresh_token)
    except oauth.InvalidGrant:
        return _refused(connection_id, sealed)
    except oauth.InvalidClient as error:
        log.error("Intuit refuses the client id or secret of this app: %s", error)
        _let_go(connection_id)
        raise tokens.TokenUnavailable("invalid_client") from error
    except oauth.Misconfigured as error:
        log.error("Intuit refuses how this app asks for tokens: %s", error)
        _let_go(connection_id)
        raise tokens.TokenUnavailable("token_request_refused") from error
    except oauth.OAuthError as error:
        _let_go(connection_id)
        raise tokens.TokenUnavailable("outage") from error
    try:
        patiently(lambda: _replace(connection_id, sealed, granted))
    except tokens.NotConnected:
        give_back_unless_linked(realm_id, granted)
        raise
    return granted.access_token


def _replace(connection_id: int, sealed: str, granted: oauth.Tokens) -> None:
    """Commits. Raises TokenUnavailable and NotConnected."""
    tokens.store(_unchanged(connection_id, sealed), granted)
    db.session.commit()


def _unchanged(connection_id: int, sealed: str) -> Connection:
    """The connection, locked. Raises TokenUnavailable when it was connected anew while Intuit was asked, and
    NotConnected when it ended: what Intuit answered then belongs to a grant that is no longer the connection's.
    """
    connection = db.session.get_one(Connection, connection_id, with_for_update=True, populate_existing=True)
    if connection.access_token != sealed:
        is_ended = connection.state is ConnectionState.DISCONNECTED
        db.session.rollback()
        if is_ended:
            raise tokens.NotConnected
        raise tokens.TokenUnavailable("outage")
    return connection


def _refused(connection_id: int, sealed: str) -> str:
    """invalid_grant: the first is noted, one that comes well after it is believed. A renewal asks again then
    (account/renewal.py), should nobody else.
    """
    connection = _unchanged(connection_id, sealed)
    first = connection.refresh_failed_at
    connection.refreshing_until = None
    if first is None:
        connection.refresh_failed_at = connection.access_expires_at = now()
        connection.renewal_due_at = now() + tokens.CONFIRM_AFTER
    elif first + tokens.CONFIRM_AFTER <= now():
        connection.state, connection.reconnect_needed_at = ConnectionState.RECONNECT_NEEDED, now()
    believed = connection.state is ConnectionState.RECONNECT_NEEDED
    db.session.commit()
    raise tokens.ReconnectNeeded if believed else tokens.TokenUnavailable("authorization_doubtful")


def _let_go(connection_id: int) -> None:
    db.session.get_one(Connection, connection_id).refreshing_until = None
    db.session.commit()
