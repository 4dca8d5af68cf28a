"""Whether the product works, for whoever watches over it: /health for the web, /health/worker for the worker."""

from flask import Flask


def register(app: Flask) -> None:
    from app.health import views

    app.register_blueprint(views.blueprint)
