"""Invoices: what was agreed with a customer, from draft to paid."""

from flask import Flask


def register(app: Flask) -> None:
    from app.invoices import views

    app.register_blueprint(views.blueprint)
