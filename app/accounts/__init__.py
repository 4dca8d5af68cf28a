"""Companies, their plan, their people and what each role may do."""

from flask import Flask


def register(app: Flask) -> None:
    from app.accounts import login, views

    login.register()
    app.register_blueprint(views.blueprint)
