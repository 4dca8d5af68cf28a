"""End a grant at Intuit. Its answer changes nothing here: what is ours has ended already, or was never kept."""

import logging

from flask import current_app
from sqlalchemy import select

from app.extensions import db
from app.quickbooks.api import oauth
from app.quickbooks.models import LIVE, Connection

log = logging.getLogger(__name__)


def revoke(refresh_token: str) -> None:
    try:
        oauth.revoke(oauth.OAuthSettings.from_config(current_app.config), refresh_token)
    except oauth.OAuthError as error:
        log.warning("Intuit did not confirm the end of a grant: %s", error)


def give_back(granted: oauth.Tokens) -> None:
    """End a grant that is not kept."""
    revoke(granted.refresh_token)


def give_back_unless_linked(realm_id: str, granted: oauth.Tokens) -> None:
    """With one grant of a realm Intuit ends them all (contract section 1.7): nobody's link to it shall end so."""
    linked = select(Connection.id).where(
        Connection.environment == current_app.config["QUICKBOOKS_ENVIRONMENT"],
        Connection.realm_id == realm_id,
        LIVE,
    )
    is_linked = db.session.scalar(linked) is not None
    db.session.commit()
    if not is_linked:
        give_back(granted)
