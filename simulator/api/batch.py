"""Batches (contract section 2.8): independent items, each settled on its own."""

from typing import Any

from simulator import front_door
from simulator.api import operations
from simulator.books import querying
from simulator.books.company import Company
from simulator.books.kinds import KINDS
from simulator.fault_bodies import accounting_fault
from simulator.faults import Fault, fault, quota_used_up, required, throttled
from simulator.meter import BATCH_QUERY, QuotaUsedUpError
from simulator.scripts import ITEM
from simulator.world import World

MOST_ITEMS = 30
MOST_OBJECTS = 1000
VERBS = ("create", "update", "delete")
NOT_AN_ENTITY = {"bId", "operation", "optionsData", "Query"}


def perform_batch(world: World, company: Company, body: dict[str, Any]) -> dict[str, Any]:
    """Raises Fault for the batch as a whole; items answer with faults of their own."""
    items = _items(body)
    answers: dict[int, dict[str, Any]] = {}
    for index in sorted(range(len(items)), key=lambda index: "Query" not in items[index]):
        answers[index] = _answered(world, company, items[index])  # queries first: no item sees another's work
    return {"BatchItemResponse": _within_limit([answers[index] for index in range(len(items))])}


def _items(body: dict[str, Any]) -> list[dict[str, Any]]:
    items = body.get("BatchItemRequest")
    if not items:
        raise fault("400", "Batch Request is Empty")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise fault("2010", "Property Name:BatchItemRequest specified is unsupported or invalid")
    if len(items) > MOST_ITEMS:
        raise fault("1040", f"The batch size {len(items)} exceeds the allowed limit of {MOST_ITEMS}.")
    return items


def _within_limit(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A batch answers at most a thousand objects; the queries that go beyond are refused."""
    left, kept = MOST_OBJECTS, []
    for answer in answers:
        left -= answer.get("QueryResponse", {}).get("maxResults", 1)
        if left < 0 and "QueryResponse" in answer:
            refusal = accounting_fault(
                fault("10100", "The result for the query is too large."), empty_element=True
            )
            answer = {"Fault": refusal, **({"bId": answer["bId"]} if "bId" in answer else {})}
        kept.append(answer)
    return kept


def _answered(world: World, company: Company, item: dict[str, Any]) -> dict[str, Any]:
    id_ = {"bId": str(item["bId"])} if "bId" in item else {}
    try:
        return {**_perform(world, company, item), **id_}
    except Fault as refusal:
        return {"Fault": accounting_fault(refusal, empty_element=True), **id_}


def _perform(world: World, company: Company, item: dict[str, Any]) -> dict[str, Any]:
    """The lock is held for one item at a time, so that other calls come in between."""
    if "Query" in item:
        return {"QueryResponse": _query(world, company, str(item["Query"]))}
    name = next((key for key in item if key not in NOT_AN_ENTITY), None)
    if name is None:
        raise required("operation")
    kind, body = KINDS.get(name), item[name]
    if kind is None or not isinstance(body, dict):
        raise fault("2000", f"Object Name: {name} is unsupported or invalid")
    if item.get("operation") not in (*VERBS, *(("void",) if company.rules.batch_voids else ())):
        raise fault("500", f"Operation {item.get('operation')} is not supported.")
    options = operations.included([str(item.get("optionsData", ""))])
    verb = operations.verb(body, item["operation"], options) if item["operation"] != "create" else "create"
    if verb == "void":
        operations.refuse_undocumented_void(kind, item["operation"], options)
    spoilt = _trouble(world, company, f"{kind.path}.{verb}")
    with company.lock:
        answer = {kind.name: operations.perform(company, kind, verb, body, options)}
    if spoilt:
        raise spoilt
    return answer


def _query(world: World, company: Company, statement: str) -> dict[str, Any]:
    """A read like any other: it counts for the month, and is refused beyond the quota."""
    spoilt = _trouble(world, company, "query")
    try:
        world.meter.require_room()
    except QuotaUsedUpError:
        raise quota_used_up(world.switches.quota_status, world.switches.quota_body) from None
    with company.lock:
        found = querying.run(company, statement)
    world.meter.count(company.realm, BATCH_QUERY)
    if spoilt:
        raise spoilt
    return found


def _trouble(world: World, company: Company, operation: str) -> Fault | None:
    """What a script wants for this item (scripts.OF_ITEMS). Returns the refusal that comes although the item is
    done.
    """
    effects = front_door.take(world, f"{ITEM}{operation}", company.realm)
    if effects.seconds:
        world.pause(effects.seconds)
    if effects.trouble and effects.is_("throttle"):
        raise throttled()
    if effects.trouble and effects.is_("fault_after"):
        return front_door.scripted_fault(effects.trouble, "10000")
    if effects.trouble:
        raise front_door.scripted_fault(effects.trouble)
    return None
