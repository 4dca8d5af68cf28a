"""Invoices: what was agreed with a customer, from draft to paid."""

from flask import Flask


def register(app: Flask) -> None:
    from app.invoices import cli, customer_panel, views
    from app.web import slots

    app.register_blueprint(views.blueprint)
    cli.register(app)
    slots.fill(app, "customer_page", customer_panel.render)
