"""Customers."""

from flask import Blueprint

blueprint = Blueprint("customers", __name__)

from app.customers import models  # noqa
