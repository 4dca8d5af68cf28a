"""The help: what the product does with QuickBooks, a page for each promise."""

from flask import Flask


def register(app: Flask) -> None:
    from app.help import topics, views

    app.register_blueprint(views.blueprint)
    app.jinja_env.globals["help_topics"] = topics.of_this_page
