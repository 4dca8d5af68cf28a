"""The first page after signing in: what is open, late and missing, for each role what it may see."""

from flask import Flask


def register(app: Flask) -> None:
    from app.home import views

    app.register_blueprint(views.blueprint)
