"""Customers and where they are served."""

from flask import Flask


def register(app: Flask) -> None:
    from app.customers import views

    app.register_blueprint(views.blueprint)
