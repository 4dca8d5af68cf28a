"""Who signed in: discovery, userinfo, keys and id tokens (contract sections 1.1 and 1.4)."""

import uuid
from typing import Any

from flask import Blueprint, request

from simulator.answer import Answer
from simulator.front_door import journaled
from simulator.oauth.grant import ACCESS_SECONDS, Grant
from simulator.scripts import Effects
from simulator.world import World, this_world

openid = Blueprint("openid", __name__)

PROFILE = {
    "email": ("email", "emailVerified"),
    "profile": ("givenName", "familyName"),
    "phone": ("phoneNumber", "phoneNumberVerified"),
    "address": ("address",),
}


@openid.get("/.well-known/openid_configuration")
@openid.get("/.well-known/openid_sandbox_configuration")
def discovery() -> dict[str, Any]:
    here = _here()
    return {
        "issuer": _issuer(),
        "authorization_endpoint": f"{here}/connect/oauth2",
        "token_endpoint": f"{here}/oauth2/v1/tokens/bearer",
        "userinfo_endpoint": f"{here}/v1/openid_connect/userinfo",
        "revocation_endpoint": f"{here}/v2/oauth2/tokens/revoke",
        "jwks_uri": f"{here}/op/v1/jwks",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile", "address", "phone"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": ["aud", "exp", "iat", "iss", "realmid", "sub"],
    }


@openid.get("/op/v1/jwks")
def keys() -> dict[str, Any]:
    return this_world().key.published()


@openid.get("/v1/openid_connect/userinfo")
@journaled("userinfo")
def userinfo(effects: Effects) -> Answer:
    """As much of the person as the scopes allow. Raises the faults of a bad token; 403 without openid."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    grant = this_world().grants.holder(token if scheme.lower() == "bearer" else "")
    scopes = grant.scope.split()
    if "openid" not in scopes:
        return Answer.json({"error": "insufficient_scope"}, 403)
    person = _person(grant.email)
    allowed = {"sub", *(name for scope in scopes for name in PROFILE.get(scope, ()))}
    return Answer.json({name: value for name, value in person.items() if name in allowed})


def id_token(world: World, grant: Grant) -> str | None:
    """None when the app did not ask who signs in."""
    if "openid" not in grant.scope.split():
        return None
    now = int(world.clock.timestamp())
    who = {"sub": _subject(grant.email), "realmid": grant.realm, "iss": _issuer()}
    when = {"iat": now, "exp": now + ACCESS_SECONDS, "auth_time": int(grant.granted)}
    return world.key.signed({**who, "aud": [world.app.client_id], **when})


def _person(email: str) -> dict[str, Any]:
    return {
        "sub": _subject(email),
        "givenName": "Olivia",
        "familyName": "Owner",
        "email": email,
        "emailVerified": True,
        "phoneNumber": "+1 5550100",
        "phoneNumberVerified": False,
        "address": {
            "streetAddress": "123 Sierra Way",
            "locality": "San Pablo",
            "region": "CA",
            "country": "US",
        },
    }


def _subject(email: str) -> str:
    """The same person is the same subject, in any simulator."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, email.casefold()))


def _issuer() -> str:
    return f"{_here()}/op/v1"


def _here() -> str:
    return request.host_url.rstrip("/")
