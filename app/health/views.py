"""Answers for a monitor: 200 or 503. Details only for who knows HEALTH_TOKEN."""

import hmac
from collections.abc import Sequence

from flask import Blueprint, Response, current_app, request

from app.accounts.guards import public
from app.health import checks

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
@public
def web() -> Response:
    return _told(checks.web())


@blueprint.get("/health/worker")
@public
def worker() -> Response:
    return _told(checks.worker())


def _told(findings: Sequence[checks.Finding]) -> Response:
    is_well = all(finding.is_well for finding in findings)
    lines = ["ok" if is_well else "not ok"]
    if _may_see_details():
        lines += [f"{one.name}: {'ok' if one.is_well else 'not ok'} ({one.detail})" for one in findings]
    headers = {"Cache-Control": "no-store"}
    return Response("\n".join(lines) + "\n", 200 if is_well else 503, headers, mimetype="text/plain")


def _may_see_details() -> bool:
    """`Authorization: Bearer <HEALTH_TOKEN>`; without the setting nobody may."""
    token = current_app.config["HEALTH_TOKEN"]
    given = request.headers.get("Authorization", "")
    return bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
