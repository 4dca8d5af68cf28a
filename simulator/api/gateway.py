"""What a call passes before the books: token, limits, request id (contract sections 2 and 3)."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, request

from simulator import exact_json, fault_bodies, front_door, xml_spelling
from simulator.answer import Answer
from simulator.books.company import Company
from simulator.clock import answer_time
from simulator.faults import Fault, fault
from simulator.meter import is_read
from simulator.request_memory import check_request_id
from simulator.scripts import Effects
from simulator.world import World, this_world

Work = Callable[[Company], dict[str, Any] | Answer]


def serve(operation: str, realm: str, work: Work, item_ids: list[str] | None = None) -> Response:
    """Answer one call. `work` returns the envelope without its time or an answer, or raises Fault.

    It locks the books itself.
    """
    world = this_world()

    def enter(effects: Effects) -> Answer:
        answer = _through_memory(world, realm, effects, work, item_ids)
        return answer if "json" in request.headers.get("Accept", "") else xml_spelling.respelled(answer)

    return front_door.pass_through(
        operation, realm, enter, lambda: _admitted(world, realm, operation), len(item_ids or ())
    )


def read_json() -> dict[str, Any]:
    """The request's body. Raises what QuickBooks says of bad bytes and bad JSON."""
    require_content("application/json")
    try:
        text = request.get_data().decode()
        body = exact_json.loads(text)
    except UnicodeDecodeError:
        raise fault(
            "500",
            "Operation com.sun.org.apache.xerces.internal.impl.io.MalformedByteSequenceException: "
            "Invalid byte 1 of 1-byte UTF-8 sequence. is not supported.",
        ) from None
    except ValueError as problem:
        raise fault("2010", f"Property Name:{problem} specified is unsupported or invalid") from None
    if not isinstance(body, dict):
        raise fault(
            "2010", "Property Name:Can not deserialize the request specified is unsupported or invalid"
        )
    return body


def require_content(expected: str) -> None:
    """Raises what QuickBooks says of a body of another type (contract section 2.1)."""
    if request.mimetype != expected:
        raise fault("500", "Operation Cannot consume content type is not supported.")


def envelope(world: World, body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "time": answer_time(world.clock.now())}


@contextmanager
def _admitted(world: World, realm: str, operation: str) -> Iterator[None]:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    world.grants.admit(token if scheme.lower() == "bearer" else "", realm)
    if is_read(operation):
        world.meter.require_room()
    if not world.switches.limits:
        yield
        return
    with world.limits.admit(realm, world.app.client_id, operation == "batch"):
        yield


def _through_memory(
    world: World, realm: str, effects: Effects, work: Work, item_ids: list[str] | None
) -> Answer:
    def compute() -> Answer:
        return _answer(world, world.companies[realm], effects, work)

    requestid = request.args.get("requestid")
    if not requestid or effects.ignore_requestid:
        return compute()
    try:
        check_request_id(requestid, item_ids)
        return world.memory.run(realm, requestid, _fingerprint(), compute)
    except Fault as refusal:
        return _refused(world, refusal)


def _answer(world: World, company: Company, effects: Effects, work: Work) -> Answer:
    try:
        if effects.trouble and effects.is_("fault", "fault_in_200"):
            raise front_door.scripted_fault(effects.trouble)
        result = work(company)
        return result if isinstance(result, Answer) else Answer.json(envelope(world, result))
    except Fault as refusal:
        if effects.is_("fault_in_200"):
            refusal.status = 200
        return _refused(world, refusal)


def _refused(world: World, refusal: Fault) -> Answer:
    body = fault_bodies.accounting_body(refusal, world.clock.now())
    return Answer.json(body, refusal.status, is_definite=refusal.is_definite)


def _fingerprint() -> bytes:
    return hashlib.sha256(request.path.encode() + b"\0" + request.get_data()).digest()
