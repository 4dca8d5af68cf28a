"""The addresses of Intuit's sign-in: consent, tokens, revocation."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Request, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from simulator.answer import JSON_FAULT, Answer
from simulator.front_door import journaled
from simulator.oauth import openid
from simulator.oauth.grant import ACCESS_SECONDS, HARD_SECONDS, Grant
from simulator.oauth.grants import TokenError
from simulator.scripts import Effects
from simulator.world import World, this_world

oauth = Blueprint("oauth", __name__)

SCOPES = {
    "com.intuit.quickbooks.accounting",
    "com.intuit.quickbooks.payment",
    "openid",
    "profile",
    "email",
    "phone",
    "address",
}


@oauth.get("/connect/oauth2")
def sign_in() -> AnyResponse | tuple[str, int] | str:
    world = this_world()
    asked = request.args
    if problem := _untrusted(world, asked):
        return render_template("consent/refused.html", problem=problem), 400
    if asked.get("response_type") != "code":
        return _back(asked, error="unsupported_response_type")
    if not set(asked.get("scope", "").split()) & SCOPES or set(asked.get("scope", "").split()) - SCOPES:
        return _back(asked, error="invalid_scope")
    return render_template("consent/sign_in.html", asked=asked)


@oauth.post("/connect/oauth2")
def consent() -> AnyResponse | tuple[str, int] | str:
    """The sign-in form, then the company form. Each carries what was asked for in hidden fields."""
    world = this_world()
    asked = request.form
    if problem := _untrusted(world, asked):
        return render_template("consent/refused.html", problem=problem), 400
    decision = asked.get("decision")
    if decision == "cancel":
        return _back(asked, error="access_denied")
    company = world.companies.get(asked.get("realm", ""))
    if decision == "connect" and company is not None:
        code = world.grants.issue_code(
            company.realm, asked["scope"], asked["redirect_uri"], asked.get("email")
        )
        return _back(asked, code=code, realmId=company.realm)
    return render_template("consent/companies.html", asked=asked, companies=world.companies.values())


@oauth.post("/oauth2/v1/tokens/bearer")
@journaled("token")
def token(effects: Effects) -> Answer:
    world = this_world()
    try:
        _authenticate(world, request)
        _strike(effects)
        grant = _granted(world, effects)
    except TokenError as refusal:
        return _token_refusal(refusal)
    return Answer.json(_token_body(world, grant))


@oauth.post("/v2/oauth2/tokens/revoke")
@journaled("revoke")
def revoke(effects: Effects) -> Answer:
    world = this_world()
    try:
        _authenticate(world, request)
    except TokenError as refusal:
        return _token_refusal(refusal)
    sent = request.get_json(silent=True) if request.is_json else request.form
    token = sent.get("token") if isinstance(sent, Mapping) else None
    if not world.grants.revoke(str(token)):
        return Answer.json({"error": "invalid_request"}, 400)
    return Answer(200, b"", JSON_FAULT)


def _strike(effects: Effects) -> None:
    """A scripted refusal; its code is an OAuth error name. Outages have looked like that (contract section 1.5)."""
    if effects.trouble and effects.is_("fault"):
        raise TokenError(effects.trouble.code or "invalid_grant", effects.trouble.detail)


def _untrusted(world: World, asked: Mapping[str, str]) -> str | None:
    """What keeps us from sending the browser back at all (contract section 1.3)."""
    if asked.get("client_id") != world.app.client_id:
        return "The client_id is not known."
    if asked.get("redirect_uri") not in world.app.redirect_uris:
        return "The redirect_uri query parameter value is invalid: it must match a registered one exactly."
    if not asked.get("state"):
        return "The state query parameter is missing."
    return None


def _back(asked: Mapping[str, str], **answer: str) -> AnyResponse:
    return redirect(f"{asked['redirect_uri']}?{urlencode({**answer, 'state': asked['state']})}")


def _authenticate(world: World, call: Request) -> None:
    """Basic authentication, or the same two in the form. Raises invalid_client."""
    sent = _basic(call.headers.get("Authorization", ""))
    if sent is None:
        sent = (call.form.get("client_id", ""), call.form.get("client_secret", ""))
    if sent != (world.app.client_id, world.app.client_secret):
        raise TokenError("invalid_client")


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise TokenError("invalid_client") from None
    return name, secret


def _granted(world: World, effects: Effects) -> Grant:
    kind = request.form.get("grant_type")
    if kind == "authorization_code":
        return world.grants.exchange(request.form.get("code", ""), request.form.get("redirect_uri", ""))
    if kind == "refresh_token":
        grant = world.grants.begin_refresh(request.form.get("refresh_token", ""))
        try:
            world.wait(effects)
            world.pause(world.switches.refresh_ms / 1000)
        finally:
            world.grants.finish_refresh(grant)
        return grant
    raise TokenError("unsupported_grant_type" if kind else "invalid_request")


def _token_body(world: World, grant: Grant) -> dict[str, Any]:
    now = world.clock.timestamp()
    body = {
        "token_type": "bearer",
        "expires_in": ACCESS_SECONDS,
        "refresh_token": grant.refresh_value,
        "x_refresh_token_expires_in": int(grant.refresh_expires - now),
        "access_token": next(reversed(grant.access)),
    }
    if token := openid.id_token(world, grant):
        body["id_token"] = token
    if request.headers.get("x-include-refresh-token-hard-expires-in") == "true":
        body["x_refresh_token_hard_expires_in"] = int(grant.granted + HARD_SECONDS - now)
    return body


def _token_refusal(refusal: TokenError) -> Answer:
    body = {"error": refusal.name}
    if refusal.description:
        body["error_description"] = refusal.description
    return Answer.json(body, 401 if refusal.name == "invalid_client" else 400)
