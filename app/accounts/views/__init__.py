"""Pages of accounts."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)

from app.accounts.views import (  # noqa: E402, F401 - each adds its routes
    company,
    joining,
    logo,
    passwords,
    profile,
    sign_in,
    team,
    two_step,
)
