"""What to send for a record: built from its present data when it is sent."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from app.quickbooks.mapping import adopting, books, fingerprint, updates, values
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.refs import Refs
from app.quickbooks.mapping.updates import AskFirst, Consent
from app.quickbooks.models import Preferences, RecordKind, RemoteLink, SyncTask
from app.quickbooks.models.memory import Memory

DAY = "TxnDate"


@dataclass(frozen=True)
class Operation:
    """One write: `operation` is create, update, void or delete; `total` is what QuickBooks must answer, if any.

    `ours` are the fields of the body as they are here, to be remembered once QuickBooks has taken them. With
    `void_next` it is voided once it is there: so is a void invoice that QuickBooks lacks. `include` is an option of
    a request.
    """

    operation: str
    entity: str
    body: dict[str, Any]
    ours: dict[str, Any] = field(default_factory=dict)
    total: Decimal | None = None
    void_next: bool = False
    include: str = ""


@dataclass(frozen=True)
class Situation:
    """What decides on an operation beside the record: its row and link, the Ids it names, the company's settings,
    and what a person allowed.
    """

    task: SyncTask
    link: RemoteLink | None
    refs: Refs | None
    preferences: Preferences
    facts: CompanyFacts
    consent: Consent


def write(
    kind: RecordKind, body: dict[str, Any], at: Situation, total: Decimal | None = None
) -> Operation | None:
    """A create, or an update of what changed; None when nothing did, whatever month it is of. Raises AskFirst where
    what somebody wrote there would be overwritten without consent, and CannotMap where its month is closed.
    """
    operation = _write(kind, body, at, total)
    if operation is not None and DAY in body:
        books.check_open(date.fromisoformat(body[DAY]), at.facts)
    return operation


def _write(kind: RecordKind, body: dict[str, Any], at: Situation, total: Decimal | None) -> Operation | None:
    link, consent = at.link, at.consent
    if link is None:
        filled = values.filled(body)
        return Operation("create", kind.entity, filled, ours=filled, total=total)
    if link.memory.is_new and not consent.linked:
        link.memory = adopting.adopt(link.memory, kind, body)
    allowed = consent.linked or _is_allowed(kind, link.memory, consent)
    update = updates.plan(kind, body, link.memory, consent.everything, allowed)
    if update is None:
        return None
    known = {"Id": link.remote_id, "SyncToken": link.sync_token, "sparse": True}
    return Operation("update", kind.entity, update.body | known, ours=update.ours, total=total)


def end(operation: str, kind: RecordKind, at: Situation, total: Decimal | None = None) -> Operation | None:
    """A void or a delete; None when the record is not there, or over already. Raises AskFirst like write."""
    if at.link is None or at.link.memory.over:
        return None
    changes = updates.ending(kind, at.link.memory)
    if changes and not _is_allowed(kind, at.link.memory, at.consent):
        raise AskFirst(changes, {})
    body = {"Id": at.link.remote_id, "SyncToken": at.link.sync_token}
    return Operation(operation, kind.entity, body, total=total)


def _is_allowed(kind: RecordKind, memory: Memory, consent: Consent) -> bool:
    return consent.seen == fingerprint.of(memory, kind)
