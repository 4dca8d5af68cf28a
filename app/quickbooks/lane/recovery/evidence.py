"""What QuickBooks says of the items of a batch whose answer was lost: each entity is asked for in one query."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from app.quickbooks.api.client import Client
from app.quickbooks.api.errors import Fault
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.kinds import KINDS
from app.quickbooks.lane import lookups, reading
from app.quickbooks.lane.reading import Seen
from app.quickbooks.mapping.fields import agrees
from app.quickbooks.models import RecordKind
from app.quickbooks.models.batch_items import BatchItem

LATEST = 200
# The fields that tell whether it is the same record, beside name and number.
TELLING = (
    "PrimaryEmailAddr",
    "PrimaryPhone",
    "BillAddr",
    "CustomerRef",
    "TxnDate",
    "Line",
)


@dataclass(frozen=True)
class Evidence:
    """By bid; what could not be asked is absent, and is asked again later."""

    namesakes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # of what was to be created
    latest: dict[RecordKind, list[dict[str, Any]]] = field(default_factory=dict)  # where no namesake is it
    records: Seen = field(default_factory=dict)  # behind updates, voids and deletes, and repeated creates
    faults: dict[str, Fault] = field(default_factory=dict)  # of a repetition


def gather(client: Client, items: Sequence[BatchItem], with_latest: bool) -> Evidence:
    """`with_latest`: what is not found is about to be made again. Raises ApiError when it is the company that is in
    trouble.
    """
    creates = [item for item in items if item.operation == "create"]
    others = [item for item in items if item.operation != "create"]
    namesakes = _look_up(client, creates)
    unseen = [item for item in creates if with_latest and _is_unseen(item, namesakes)]
    return Evidence(namesakes, _latest(client, unseen), reread(client, others))


def is_what_was_sent(item: BatchItem, remote: RemoteRecord) -> bool:
    """Beside its name or number."""
    sent = {name: item.body[name] for name in TELLING if name in item.body}
    return remote.get("Active", True) and all(agrees(name, sent[name], remote.get(name)) for name in sent)


def reread(client: Client, items: Sequence[BatchItem]) -> Seen:
    """The present record behind each. Raises ApiError like gather."""
    records: Seen = {}
    for kind, listed in _by_kind(items):
        ids = {item.bid: item.body["Id"] for item in listed}
        seen = reading.by_id(client, kind, ids.values())
        records |= {bid: seen[remote_id] for bid, remote_id in ids.items() if remote_id in seen}
    return records


def _look_up(client: Client, items: Sequence[BatchItem]) -> dict[str, list[dict[str, Any]]]:
    """What has the name, the number or the day of what the items wanted to create."""
    namesakes: dict[str, list[dict[str, Any]]] = {}
    for kind, listed in _by_kind(items):
        identity = KINDS[kind].identity
        values = {item.bid: identity.value(item.body) for item in listed}
        found = reading.asked(partial(lookups.find, client, kind, values.values()))
        if found is not None:
            namesakes |= {bid: found.get(identity.key(value), []) for bid, value in values.items()}
    return namesakes


def _is_unseen(item: BatchItem, namesakes: dict[str, list[dict[str, Any]]]) -> bool:
    """Its name or number was looked up, and nothing there is it: at most somebody else's."""
    found = namesakes.get(item.bid)
    return found is not None and not any(is_what_was_sent(item, remote) for remote in found)


def _latest(client: Client, items: Sequence[BatchItem]) -> dict[RecordKind, list[dict[str, Any]]]:
    """What was made last there: somebody may have changed a name, a number or a day before anybody here knew of
    it.
    """
    latest = {}
    told = [item for item in items if KINDS[item.kind].content or KINDS[item.kind].has_mark]
    for kind, _ in _by_kind(told):
        found = reading.asked(partial(client.latest, kind.entity, LATEST))
        if found is not None:
            latest[kind] = found
    return latest


def _by_kind(items: Sequence[BatchItem]) -> list[tuple[RecordKind, list[BatchItem]]]:
    kinds = sorted({item.kind for item in items})
    return [(kind, [item for item in items if item.kind is kind]) for kind in kinds]
