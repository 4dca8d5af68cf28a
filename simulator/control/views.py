"""Addresses under /_simulator/: JSON in, JSON out, no authentication."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, request

from simulator import bookkeeping, exact_json, fault_bodies
from simulator.books.company import Company
from simulator.books.kind import Kind
from simulator.books.kinds import KINDS, KINDS_BY_PATH
from simulator.checks import checked, choice, number, optional, text
from simulator.control import companies, dump, tokens
from simulator.faults import Fault
from simulator.oauth.grants import ACCOUNTING_SCOPE
from simulator.scripts import Script
from simulator.state.scenes import Scenes
from simulator.world import this_world

control = Blueprint("control", __name__, url_prefix="/_simulator")

LONGEST_LEAP = 20 * 365 * 24 * 3600  # seconds
TOKEN_CHECKS = {"action": choice(*tokens.ACTIONS), "realm": optional(text)}


@control.app_errorhandler(Fault)
def books_refused(refusal: Fault) -> Response:
    return _json(fault_bodies.accounting_body(refusal, this_world().clock.now()), refusal.status)


@control.errorhandler(ValueError)
def not_understood(problem: ValueError) -> Response:
    """What was sent cannot be: nothing has changed."""
    return _json({"error": str(problem)}, 400)


@control.post("/reset")
def reset() -> Response:
    this_world().reset()
    return _json({})


@control.post("/scenes/<name>")
def keep_scene(name: str) -> Response:
    _scenes().keep(name, this_world())
    return _json({})


@control.post("/scenes/<name>/return")
def return_to_scene(name: str) -> Response:
    try:
        _scenes().go_back(name, this_world())
    except KeyError:
        abort(404)
    return _json({})


@control.get("/calls")
def calls() -> Response:
    found = this_world().journal.since(request.args.get("since", 0, int), request.args.get("realm"))
    return _json([call.as_dict() for call in found])


@control.get("/calls/running")
def running_calls() -> Response:
    return _json({"running": this_world().journal.running})


@control.post("/calls/clear")
def clear_calls() -> Response:
    this_world().journal.clear()
    return _json({})


@control.get("/usage")
def usage() -> Response:
    return _json(this_world().meter.usage())


@control.get("/webhooks")
def webhooks() -> Response:
    return _json(this_world().webhooks.report())


@control.get("/books/<realm>")
def books(realm: str) -> Response:
    """All of the books, or with `kind` a page of one list."""
    company = _company(realm)
    if request.args:
        return _json(dump.page(company, request.args))
    return Response(dump.streamed(dump.parts(company)), content_type="application/json")


@control.get("/history/<realm>")
def history(realm: str) -> Response:
    changes = _company(realm).history.since(request.args.get("since", 0, int))
    return _json([change.as_dict() for change in changes])


@control.get("/companies")
def list_companies() -> Response:
    return _json([companies.summary(company) for company in this_world().companies.values()])


@control.post("/companies")
def found_company() -> Response:
    return _json(companies.summary(companies.found(this_world(), _sent())))


@control.post("/companies/<realm>")
def change_company(realm: str) -> Response:
    company, sent = _company(realm), _sent()
    with company.lock:
        companies.change(company, sent)
    return _json(companies.summary(company))


@control.post("/companies/<realm>/<entity>")
def enter_by_hand(realm: str, entity: str) -> Response:
    return _json(bookkeeping.enter(_company(realm), _kind(entity), _sent()))


@control.post("/companies/<realm>/<entity>/<id_>/<action>")
def play_bookkeeper(realm: str, entity: str, id_: str, action: str) -> Response:
    if action not in bookkeeping.ACTIONS:
        abort(404)
    return _json(bookkeeping.perform(_company(realm), _kind(entity), id_, action, _sent()))


@control.get("/scripts")
def list_scripts() -> Response:
    return _json(this_world().scripts.listing())


@control.post("/scripts")
def add_script() -> Response:
    return _json({"id": this_world().scripts.add(Script.from_json(_sent()))})


@control.delete("/scripts")
def clear_scripts() -> Response:
    this_world().scripts.clear()
    return _json({})


@control.get("/settings")
def show_switches() -> Response:
    return _json(this_world().switches.as_dict())


@control.post("/settings")
def change_switches() -> Response:
    this_world().switch(_sent())
    return show_switches()


@control.post("/clock")
def advance_clock() -> Response:
    world = this_world()
    sent = checked(_sent(), {"advance_seconds": number(0, LONGEST_LEAP)}, "property")
    world.clock.advance(sent.get("advance_seconds", 0))
    return _json({"now": world.clock.now().isoformat()})


@control.post("/tokens")
def change_tokens() -> Response:
    sent = checked({"action": None, **_sent()}, TOKEN_CHECKS, "property")
    return _json({"grants": tokens.ACTIONS[sent["action"]](this_world(), sent.get("realm"))})


@control.post("/companies/<realm>/consent")
def consent(realm: str) -> Response:
    """The code that Intuit's pages would have sent back with the browser."""
    world = this_world()
    redirect_uri = world.app.redirect_uris[0]
    return _json({"code": world.grants.issue_code(_company(realm).realm, ACCOUNTING_SCOPE, redirect_uri)})


def _scenes() -> Scenes:
    return current_app.extensions["scenes"]


def _company(realm: str) -> Company:
    return this_world().companies.get(realm) or abort(404)


def _kind(name: str) -> Kind:
    return KINDS.get(name) or KINDS_BY_PATH.get(name.lower()) or abort(404)


def _sent() -> dict[str, Any]:
    """The body, an object. Raises ValueError."""
    body = request.get_data()
    sent = exact_json.loads(body) if body else {}
    if not isinstance(sent, dict):
        raise ValueError("The body must be a JSON object")
    return sent


def _json(body: Any, status: int = 200) -> Response:
    return Response(exact_json.dumps(body), status, content_type="application/json")
