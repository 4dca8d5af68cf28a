"""Light, dark, or as the system is: kept in a cookie of this browser, so that no page flashes in the other one."""

import enum

from flask import Blueprint, Response, abort, current_app, redirect, render_template
from htmx_flask import make_response, request

from app.accounts.guards import public
from app.web.addresses import own_page
from app.web.htmx import wants_fragment

blueprint = Blueprint("design", __name__)

COOKIE = "appearance"
ONE_YEAR = 365 * 24 * 3600  # seconds


class Appearance(enum.StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def chosen() -> Appearance:
    """What this browser asked for; a template global."""
    try:
        return Appearance(request.cookies.get(COOKIE, ""))
    except ValueError:
        return Appearance.SYSTEM


@blueprint.post("/appearance")
@public
def choose() -> Response:
    try:
        wanted = Appearance(request.form.get(COOKIE, ""))
    except ValueError:
        abort(400)
    if wants_fragment():
        switch = render_template("design/_appearance.html", shown=wanted)
        answer = make_response(switch, trigger={"appearance": {"value": wanted}})
    else:
        answer = redirect(own_page(request.referrer) or "/", code=303)
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    answer.set_cookie(COOKIE, wanted, max_age=ONE_YEAR, httponly=True, samesite="Lax", secure=secure)
    return answer
