"""Connect and disconnect a company, hold what is sent, start it again."""

import logging

from cryptography.fernet import InvalidToken

from app.activity.models import ActivityKind
from app.activity.recording import record
from app.extensions import db, now, secrets_box
from app.quickbooks import outbox
from app.quickbooks.account.gateway import impatient_client_for
from app.quickbooks.account.giving_back import give_back, give_back_unless_linked, revoke
from app.quickbooks.account.proof import NotOpened, prove
from app.quickbooks.account.realm import InUse, StillLinked, attach, set_aside, was_reset
from app.quickbooks.account.tokens import TokenError
from app.quickbooks.api.errors import ApiError
from app.quickbooks.api.oauth import Tokens
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.lane.facts import READ_ANEW, read_facts
from app.quickbooks.models import Connection, ConnectionState, RecordKind
from app.quickbooks.outbox import catching_up
from app.quickbooks.outbox.nudge import nudge_after_commit

log = logging.getLogger(__name__)

NOT_RESET = (
    "QuickBooks has taken a change since, so the company was not reset. Nothing was disconnected: read again what "
    "would become of what is linked."
)


def connect(company_id: int, realm_id: str, granted: Tokens, held_by: str = "") -> Connection:
    """Prove the realm, link the company to it, queue what QuickBooks lacks and read its settings. Commits.

    `held_by` is who wants nothing sent yet; empty where it shall be.

    Raises NotOpened, ApiError, StillLinked and InUse; then nothing is saved and the grant is given back.
    """
    try:
        company_info = prove(realm_id, granted)
        connection = attach(company_id, realm_id, granted)
    except NotOpened:
        give_back(granted)
        raise
    except (ApiError, StillLinked, InUse):
        give_back_unless_linked(realm_id, granted)
        raise
    connection.remote_name = str(company_info.get("CompanyName", ""))
    if held_by:
        connection.held_at, connection.held_by = now(), held_by
    catching_up.catch_up(connection)
    record(ActivityKind.QUICKBOOKS, f"connected QuickBooks {connection.remote_name}".strip(), company_id)
    db.session.commit()
    _read_settings(connection.id, company_info)
    return connection


def _read_settings(connection_id: int, company_info: RemoteRecord) -> None:
    """For the page that follows; should it fail, the lane reads them before it sends anything."""
    try:
        read_facts(connection_id, impatient_client_for(connection_id), company_info)
    except (ApiError, TokenError) as error:
        db.session.rollback()
        log.warning("QuickBooks company of connection %s was not read: %s", connection_id, error)


def disconnect(connection: Connection, forget: bool = False) -> None:
    """Stop at once, forget the tokens, and tell Intuit; Intuit's answer changes nothing here. `forget`: what
    was reset there starts anew when it is connected again. Commits. Raises ValueError when it was not reset.
    """
    db.session.refresh(connection, with_for_update={"key_share": True})
    refresh_token = _refresh_token(connection)
    if forget and not was_reset(connection):
        raise ValueError(NOT_RESET)
    if forget:
        set_aside(connection)
    connection.state, connection.disconnected_at = ConnectionState.DISCONNECTED, now()
    connection.access_token = connection.refresh_token = ""
    connection.access_expires_at = connection.refresh_expires_at = connection.authorization_ends_at = None
    text = f"disconnected QuickBooks {connection.remote_name}".strip()
    record(ActivityKind.QUICKBOOKS, text, connection.company_id)
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


def hold(connection: Connection, by: str) -> None:
    """Send nothing more until somebody starts it; what is on the wire is finished. The caller commits."""
    if connection.held_at is None:
        connection.held_at, connection.held_by = now(), by
        record(ActivityKind.QUICKBOOKS, "paused the sending to QuickBooks", connection.company_id)


def start(connection: Connection) -> None:
    """Send what is queued. The caller commits."""
    if connection.held_at is not None:
        connection.held_at, connection.held_by = None, ""
        record(ActivityKind.QUICKBOOKS, "started the sending to QuickBooks", connection.company_id)
        nudge_after_commit(connection.id)


def end_pause(connection: Connection) -> None:
    """QuickBooks answers again. The caller commits."""
    connection.paused_until, connection.pause_code = None, ""
    nudge_after_commit(connection.id)


def apply_preferences(connection: Connection) -> dict[RecordKind, int]:
    """The Owner chose anew what syncs: queue what is owed now and what stopped at a choice that was missing; how
    many payments and refunds. The caller commits.
    """
    queued = catching_up.catch_up(connection)
    nudge_after_commit(connection.id)  # for what waited until it was switched on
    for mended in ("no_income_account", "no_deposit_account"):
        outbox.queue_stopped(connection.id, mended)
    return queued


def retry_cause(connection: Connection, problem: str) -> None:
    """All that stopped at one thing may go again. The caller commits."""
    if problem in READ_ANEW:
        connection.facts_read_at = None
    outbox.queue_stopped(connection.id, problem)
    record(ActivityKind.SYNC, "retried all that stopped at the same cause", connection.company_id)
