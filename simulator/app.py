"""The simulator as a WSGI application."""

from flask import Flask

from simulator.api.views import api
from simulator.control.views import control
from simulator.oauth.views import oauth
from simulator.pages.views import pages
from simulator.world import World


def create_app(world: World) -> Flask:
    app = Flask(__name__)
    app.extensions["world"] = world
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    for room in (oauth, api, control, pages):
        app.register_blueprint(room)
    return app
