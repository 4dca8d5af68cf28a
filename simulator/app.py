"""The simulator as a WSGI application."""

from functools import partial

from flask import Flask, Response

from simulator.api.views import api
from simulator.control.views import control
from simulator.oauth.openid import openid
from simulator.oauth.views import oauth
from simulator.pages.views import pages
from simulator.state.file import StateFile
from simulator.state.scenes import Scenes
from simulator.world import World


def create_app(world: World, state: StateFile | None = None) -> Flask:
    app = Flask(__name__)
    app.extensions["world"] = world
    app.extensions["scenes"] = Scenes()
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    for room in (oauth, openid, api, control, pages):
        app.register_blueprint(room)
    if state:
        app.after_request(partial(_note_change, state))
    return app


def _note_change(state: StateFile, response: Response) -> Response:
    state.mark_changed()
    return response
