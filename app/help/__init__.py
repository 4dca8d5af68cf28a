"""The help: what the product does with QuickBooks, a page for each promise."""

from flask import Flask


def register(app: Flask) -> None:
    from app.help import views

    app.register_blueprint(views.blueprint)
