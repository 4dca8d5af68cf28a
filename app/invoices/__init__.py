"""Invoices: what was agreed with a customer, from draft to paid."""

from flask import Flask


def register(app: Flask) -> None:
    from app.activity.history import add_page
    from app.invoices import cli, currency, customer_panel, delivery, places, views, waiting_mail
    from app.invoices.listing import export, list_views
    from app.web import slots

    app.register_blueprint(views.blueprint)
    cli.register(app)
    delivery.register()
    list_views.register(app)
    export.register(app)
    places.register()
    waiting_mail.register()
    add_page(app, "invoice", "invoices.show", "invoice_id")
    slots.fill(app, "customer_page", customer_panel.render)
    slots.fill(app, "currency_objection", currency.objection)
