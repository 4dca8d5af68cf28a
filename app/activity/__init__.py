"""Who did what, when, on which record and from which address: one table for the whole product."""

from flask import Flask


def register(app: Flask) -> None:
    from app.activity import history, views

    history.register(app)
    app.register_blueprint(views.blueprint)
