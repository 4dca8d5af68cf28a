"""Sending crafted requests and keeping the answers that must not be."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask, got_request_exception
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from devtools.fuzz.requests import Craft, Crafted

Clients = dict[str, FlaskClient]


@dataclass
class Findings:
    """`broken` holds each request that was answered by 5xx or not at all, with where it broke."""

    sent: int = 0
    answers: Counter[int] = field(default_factory=Counter)
    routes: set[str] = field(default_factory=set)
    broken: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, other: Findings) -> None:
        self.sent += other.sent
        self.answers += other.answers
        self.routes |= other.routes
        self.broken += other.broken

    def report(self) -> str:
        tally = ", ".join(f"{code}: {count}" for code, count in sorted(self.answers.items()))
        lines = [f"{self.sent} requests to {len(self.routes)} routes; answers {tally}"]
        lines += [f"{role}: {request}\n{where}" for role, request, where in self.broken]
        return "\n".join(lines)


def fuzz(
    app: Flask, craft: Craft, people: Callable[[str], FlaskClient], roles: list[str], count: int
) -> Findings:
    """Send `count` requests, each as a person of one of the `roles`; `people` makes a signed-in one.

    Who was signed out by a request of ours is replaced.
    """
    findings, clients = Findings(), {role: people(role) for role in roles}
    _learn(app, craft, clients)
    for _ in range(count):
        role, crafted = craft.chance.choice(roles), craft.next()
        location = _send(app, clients[role], role, crafted, findings)
        if role != "stranger" and "/sign-in" in location:
            clients[role] = people(role)
    return findings


def _learn(app: Flask, craft: Craft, clients: Clients) -> None:
    """Read every page once, as everybody: what is posted later has the names of its fields."""
    for rule in craft.rules:
        if "GET" in (rule.methods or ()):
            for client in clients.values():
                path = rule.rule
                for argument in rule.arguments:
                    path = path.replace(f"<int:{argument}>", "1").replace(f"<{argument}>", "invoice")
                with app.app_context():
                    craft.learn(rule.rule, client.get(path).get_data().decode(errors="replace"))


def _send(app: Flask, client: FlaskClient, role: str, crafted: Crafted, findings: Findings) -> str:
    """Returns where the answer leads."""
    raised: list[str] = []

    def remember(_: Flask, exception: BaseException, **__: object) -> None:
        raised.append("".join(traceback.format_exception(exception)[-3:]))

    findings.sent += 1
    with got_request_exception.connected_to(remember, app):
        try:
            with app.app_context():
                answer = client.open(crafted.path, **crafted.as_options())
                answer.get_data()
            status, location = answer.status_code, _leads_to(answer)
        except Exception:
            raised.append("".join(traceback.format_exc().splitlines(keepends=True)[-6:]))
            status, location = 599, ""  # nothing at all, or not even an error page
    findings.answers[status] += 1
    if status != 404:
        findings.routes.add(crafted.endpoint)
    if status >= 500:
        findings.broken.append((role, crafted.describe(), "\n".join(raised)))
    return location


def _leads_to(answer: TestResponse) -> str:
    return answer.headers.get("Location", "") + answer.headers.get("HX-Redirect", "")
