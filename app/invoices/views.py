"""Invoices."""

from flask import Blueprint

blueprint = Blueprint("invoices", __name__)

from app.invoices import models  # noqa
