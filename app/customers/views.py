"""Customers."""

from flask import Blueprint

blueprint = Blueprint("customers", __name__)

from app.customers import models  # noqa
from app.csv_import import models as upload_models  # noqa
