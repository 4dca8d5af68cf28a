"""Sign in and out; the company's settings."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
