"""Companies, their plan, their people and what each role may do."""

from flask import Flask


def register(app: Flask) -> None:
    from app.accounts import cli, sign_in_redirect, views

    sign_in_redirect.register()
    cli.register(app)
    app.register_blueprint(views.blueprint)
