"""Customers and where they are served."""

from flask import Flask


def register(app: Flask) -> None:
    from app.activity.history import add_page
    from app.customers import views

    app.register_blueprint(views.blueprint)
    add_page(app, "customer", "customers.show", "customer_id")
