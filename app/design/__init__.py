"""How pages look: the colour scheme a person chose, and the page of our own components."""

from flask import Flask


def register(app: Flask) -> None:
    from app.design import appearance, styleguide

    app.register_blueprint(appearance.blueprint)
    app.jinja_env.globals.update(appearance=appearance.chosen, appearances=appearance.Appearance)
    if app.config["STYLEGUIDE"]:
        app.register_blueprint(styleguide.blueprint)
