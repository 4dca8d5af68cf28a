"""QuickBooks' operations, each in a few lines (contract section 2). Bodies and records are plain dictionaries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.quickbooks.api.errors import Fault, OutcomeUnknown, Refused, error_for
from app.quickbooks.api.faults import fault_from_item
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.api.transport import Answer, Transport
from app.quickbooks.api.write import Write

PAGE = 1000
LONGEST_LOOK_BACK = timedelta(days=29)  # of the thirty that change data capture knows
OVERLAP = timedelta(minutes=10)  # our clock and theirs, and a write under way while we ask
MOST_CHANGES = 1000  # in one answer


@dataclass(frozen=True)
class BatchAnswer:
    """What became of each item, by bid; an item the answer does not speak of is absent."""

    by_bid: dict[str, RemoteRecord | Fault]
    intuit_tid: str


def quote(value: str) -> str:
    """A value in a query (contract section 2.6)."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


class Client:
    """Every method raises ApiError."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def access_token(self) -> str:
        return self._transport.access_token

    def company_info(self) -> RemoteRecord:
        answer = self._transport.request("GET", f"companyinfo/{self._transport.realm_id}")
        return _entity(answer, "CompanyInfo")

    def preferences(self) -> RemoteRecord:
        return _entity(self._transport.request("GET", "preferences"), "Preferences")

    def changes(self, entities: Sequence[str], since: datetime) -> dict[str, list[RemoteRecord]]:
        """What changed since a moment at most thirty days ago, by entity; what was deleted has only an Id and a
        status (contract section 2.7).
        """
        asked = {"entities": ",".join(entities), "changedSince": since.isoformat(timespec="seconds")}
        answer = self._transport.request("GET", "cdc", params=asked)
        found: dict[str, list[RemoteRecord]] = {entity: [] for entity in entities}
        for part in _parts(answer):
            for entity in found:
                found[entity] += filter(_is_record, _listed(answer, part, entity))
        return found

    def read(self, entity: str, remote_id: str) -> RemoteRecord:
        return _entity(self._transport.request("GET", f"{entity.lower()}/{remote_id}"), entity)

    def query(self, statement: str, entity: str) -> list[RemoteRecord]:
        answer = self._ask(statement)
        listed = _listed(answer, answer.data["QueryResponse"], entity)
        if not all(map(_is_record, listed)):
            raise _not_asked(answer, entity)
        return listed

    def query_all(self, entity: str, where: str = "") -> list[RemoteRecord]:
        """Every record, page by page."""
        found: list[RemoteRecord] = []
        while True:
            page = self.page(entity, len(found) + 1, PAGE, where)
            found += page
            if len(page) < PAGE:
                return found

    def page(self, entity: str, start: int, size: int, where: str = "") -> list[RemoteRecord]:
        """`size` records from the one at `start`, which counts from 1; fewer at the end."""
        return self.query(
            f"SELECT * FROM {entity}{_where(where)} STARTPOSITION {start} MAXRESULTS {size}",  # noqa: S608 - QuickBooks has no parameters; values come through quote()
            entity,
        )

    def latest(self, entity: str, size: int) -> list[RemoteRecord]:
        """What was made last, the latest first."""
        return self.query(
            f"SELECT * FROM {entity} ORDERBY MetaData.CreateTime DESC STARTPOSITION 1 MAXRESULTS {size}",  # noqa: S608
            entity,
        )

    def count(self, entity: str) -> int:
        answer = self._ask(f"SELECT COUNT(*) FROM {entity}")  # noqa: S608
        return int(answer.data["QueryResponse"].get("totalCount", 0))

    def _ask(self, statement: str) -> Answer:
        """By POST: a long list of names does not fit an address."""
        answer = self._transport.request("POST", "query", text=statement)
        if not _is_object(answer.data.get("QueryResponse")):  # "nothing found" is read out of no other answer
            raise _not_asked(answer, "QueryResponse")
        return answer

    def send_one(self, write: Write, request_id: str) -> BatchAnswer:
        """One write as a plain request; its refusal is the item's own."""
        try:
            answer = self._transport.request(
                "POST",
                write.entity.lower(),
                params=write.options,
                body=write.content,
                request_id=request_id,
            )
        except Refused as error:
            return BatchAnswer({write.bid: error.fault}, error.fault.intuit_tid)
        return BatchAnswer({write.bid: _entity(answer, write.entity)}, answer.intuit_tid)

    def batch(self, writes: Sequence[Write], request_id: str) -> BatchAnswer:
        """Up to 30 writes in one request (contract section 2.8)."""
        body = {"BatchItemRequest": [write.batch_item for write in writes]}
        answer = self._transport.request("POST", "batch", body=body, request_id=request_id)
        results = answer.data.get("BatchItemResponse")
        if not isinstance(results, list):
            raise _not_asked(answer, "BatchItemResponse")
        entities = {write.bid: write.entity for write in writes}
        by_bid = {}
        for result in filter(_is_object, results):
            bid = str(result.get("bId"))
            fault = fault_from_item(result, answer.status, answer.intuit_tid)
            outcome = fault or result.get(entities.get(bid, ""))
            if bid in entities and (fault or _is_record(outcome)):
                by_bid[bid] = outcome
        return BatchAnswer(by_bid, answer.intuit_tid)


def _where(condition: str) -> str:
    return f" WHERE {condition}" if condition else ""


def _parts(answer: Answer) -> list[RemoteRecord]:
    """Of what changed. A fault may stand in the place of some, and the HTTP status is 200 all the same."""
    responses = answer.data.get("CDCResponse")
    listed = responses if isinstance(responses, list) else []
    inner = [
        found for one in listed if _is_object(one) and isinstance(found := one.get("QueryResponse"), list)
    ]
    parts = [part for found in inner for part in found]
    for one in filter(_is_object, [*listed, *parts]):
        if fault := fault_from_item(one, answer.status, answer.intuit_tid):
            raise error_for(fault)
    if not parts or not all(map(_is_object, parts)):
        raise _not_asked(answer, "CDCResponse")
    return parts


def _listed(answer: Answer, part: RemoteRecord, entity: str) -> list[RemoteRecord]:
    """An entity of which there is nothing is absent (contract section 2.2)."""
    listed = part.get(entity, [])
    if not isinstance(listed, list):
        raise _not_asked(answer, entity)
    return listed


def _entity(answer: Answer, name: str) -> RemoteRecord:
    record: Any = answer.data.get(name)
    if not _is_record(record):
        raise _not_asked(answer, name)
    return record


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_record(value: Any) -> bool:
    return _is_object(value) and "Id" in value


def _not_asked(answer: Answer, name: str) -> OutcomeUnknown:
    """A success that is not an answer to the question."""
    fault = Fault(answer.status, message=f"The answer holds no {name}.", intuit_tid=answer.intuit_tid)
    return OutcomeUnknown(fault)
