"""Who gets which mail: a choice per person and kind. Rooms offer kinds; people choose, and can leave by a link."""

from flask import Flask


def register(app: Flask) -> None:
    from app.notifications import views

    app.register_blueprint(views.blueprint)
