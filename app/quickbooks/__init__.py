"""The QuickBooks Online integration: customers and invoices flow one way, from here to there."""

from flask import Flask


def register(app: Flask) -> None:
    from app.quickbooks import models  # noqa: F401 - migrations must see the tables
