"""Companies, their plan, their people and what each role may do."""

from flask import Flask


def register(app: Flask) -> None:
    from app.accounts import cli, login, views

    login.register()
    cli.register(app)
    app.register_blueprint(views.blueprint)
