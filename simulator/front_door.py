"""What every call of an API passes: scripted trouble on the way in and out, a tid, the journal."""

import gzip
import time
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Any

from flask import Response, g, request

from simulator import fault_bodies
from simulator.answer import HTML, JSON_FAULT, XML, Answer
from simulator.fault_codes import STATUSES, kind_of
from simulator.faults import Fault, FaultError, error, quota_used_up, throttled
from simulator.limits import LimitReachedError
from simulator.meter import QuotaUsedUpError
from simulator.scripts import Effects, Script
from simulator.server import CUT
from simulator.world import World, this_world

Work = Callable[[Effects], Answer]
CUTS = {"cut_before": 0.0, "cut_after": 0.0, "cut_middle": 0.5}
SHORTEST_PACKED = 500  # bytes; a shorter answer is not worth it
NOT_REACHED = Answer(503, b"", HTML, is_definite=False)


def journaled(operation: str) -> Callable[[Callable[[Effects], Answer]], Callable[[], Response]]:
    """A view of the sign-in service, behind the front door."""

    def decorate(view: Callable[[Effects], Answer]) -> Callable[[], Response]:
        @wraps(view)
        def entered() -> Response:
            return pass_through(operation, None, view)

        return entered

    return decorate


def pass_through(
    operation: str,
    realm: str | None,
    work: Work,
    admitted: Callable[[], AbstractContextManager[Any]] = nullcontext,
    items: int = 0,
) -> Response:
    """Let one call in, or not. Latency passes inside, so that it counts as a running request."""
    with this_world().journal.arrived():
        return _passed(operation, realm, work, admitted, items)


def _passed(
    operation: str,
    realm: str | None,
    work: Work,
    admitted: Callable[[], AbstractContextManager[Any]],
    items: int,
) -> Response:
    world, started = this_world(), time.monotonic()
    g.struck, g.limit = [], ""
    effects = take(world, operation, realm)
    g.lag = effects.lag
    try:
        with admitted():
            if operation != "token":  # a refresh waits while it holds its grant
                world.wait(effects, items)
            answer = _instead(world, effects) or _spoilt(world, effects, work(effects))
    except LimitReachedError as reached:
        g.limit = str(reached)
        answer = throttle_answer(world)
    except QuotaUsedUpError:
        refusal = quota_used_up(world.switches.quota_status, world.switches.quota_body)
        answer = spelled(world, refusal, world.switches.throttle_format)
    except Fault as refusal:
        answer = Answer.json(
            fault_bodies.gateway_body(refusal, world.clock.now()), refusal.status, headers=_challenge(refusal)
        )
    return _leave(world, operation, realm, effects, answer, started)


def take(world: World, operation: str, realm: str | None) -> Effects:
    """What scripts do to this call, or to this item of it: the journal tells it with the call."""
    effects = world.scripts.take(operation, realm)
    g.struck += [
        {"effect": script.effect, "operation": operation, "label": script.label} for script in effects.struck
    ]
    return effects


def throttle_answer(world: World) -> Answer:
    headers = (
        {"Retry-After": str(world.switches.retry_after)} if world.switches.retry_after is not None else {}
    )
    return spelled(world, throttled(), world.switches.throttle_format, headers)


def spelled(world: World, refusal: Fault, spelling: str, headers: dict[str, str] | None = None) -> Answer:
    now, status = world.clock.now(), refusal.status
    if spelling == "xml":
        body = fault_bodies.xml_body(refusal, now).encode()
        return Answer(status, body, XML, headers or {}, is_definite=False)
    make = fault_bodies.gateway_body if spelling == "gateway" else fault_bodies.accounting_body
    return Answer.json(make(refusal, now), status, headers=headers or {}, is_definite=refusal.is_definite)


def scripted_fault(script: Script, usual_code: str = "6000") -> Fault:
    usual = error(script.code or usual_code, script.detail or "", script.element)
    told = FaultError(usual.code, script.message or usual.message, usual.detail, usual.element)
    return Fault([told], script.status or STATUSES.get(told.code, 400), kind_of(told.code))


def _instead(world: World, effects: Effects) -> Answer | None:
    """The answer of something in front of the books, if the script wants one."""
    script = effects.trouble
    if script is None:
        return None
    if script.effect == "cut_before":
        return NOT_REACHED
    if script.effect == "throttle":
        return throttle_answer(world)
    if script.effect == "xml_fault":
        return spelled(world, scripted_fault(script, "3001"), "xml")
    if script.effect == "gateway_fault":
        return spelled(world, scripted_fault(script, "3100"), "gateway")
    return _page(script)


def _spoilt(world: World, effects: Effects, answer: Answer) -> Answer:
    """The books have done it; what comes back does not say so."""
    script = effects.trouble
    if script and script.effect == "fault_after":
        return spelled(world, scripted_fault(script, "10000"), "json")
    if script and script.effect == "garbled":
        return Answer(script.status or 200, fault_bodies.GARBAGE, is_definite=False)
    return answer


def _page(script: Script) -> Answer | None:
    if script.effect == "maintenance":
        return Answer(script.status or 503, fault_bodies.MAINTENANCE_PAGE.encode(), HTML, is_definite=False)
    if script.effect == "html":
        status = script.status or 502
        return Answer(status, fault_bodies.proxy_page(status).encode(), HTML, is_definite=False)
    if script.effect == "status":
        return Answer(script.status or 500, b"", JSON_FAULT, is_definite=False)
    return None


def _challenge(refusal: Fault) -> dict[str, str]:
    if refusal.status == 401:
        return {"WWW-Authenticate": 'Bearer realm="Intuit", error="invalid_token"'}
    return {}


def _leave(
    world: World, operation: str, realm: str | None, effects: Effects, answer: Answer, started: float
) -> Response:
    tid = f"1-{uuid.uuid4().hex[:8]}-{uuid.uuid4().hex[:24]}"
    if effects.trouble and effects.trouble.tid:
        tid = effects.trouble.tid
    cut = CUTS[effects.trouble.effect] if effects.trouble and effects.trouble.effect in CUTS else None
    if cut is not None:
        request.environ[CUT] = cut
    response = Response(answer.body, answer.status, content_type=answer.content_type)
    if len(answer.body) >= SHORTEST_PACKED and request.accept_encodings["gzip"]:
        response.data = gzip.compress(answer.body, compresslevel=1)
        response.headers["Content-Encoding"] = "gzip"
    response.headers.update({"intuit_tid": tid, "QBO-Version": "1996.60", **answer.headers})
    response.headers["Cache-Control"] = "max-age=0, no-cache, no-store, must-revalidate, private"
    if realm and 200 <= answer.status < 300:
        world.meter.count(realm, operation)
    world.journal.add(
        time=world.clock.now(),
        method=request.method,
        path=request.full_path.rstrip("?"),
        operation=operation,
        realm=realm,
        requestid=request.args.get("requestid"),
        status=answer.status if cut is None else None,
        sent=request.get_data(),
        answered=answer.body,
        seconds=time.monotonic() - started,
        tid=tid,
        struck=g.struck,
        limit=g.limit,
    )
    return response
