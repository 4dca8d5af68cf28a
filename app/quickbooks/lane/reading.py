"""Reading records by their Ids: what is there, what is surely gone, and what could not be learned this time.

A lost answer is asked for once more, because reading changes nothing. `asked` does it at once, for a lane that can
go on without the answer. `asked_patiently` waits a moment first, for a run that would have to start anew.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import TypeVar

from app.quickbooks.api.client import Client, quote
from app.quickbooks.api.errors import ApiError, OutcomeUnknown, Refused, Unreachable
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.catalogue import RefusalKind, entry_for, proves_gone
from app.quickbooks.kinds import KINDS
from app.quickbooks.models import RecordKind
from app.quickbooks.outbox import policy

AT_ONCE = 100
BLIP_SECONDS = 1

Answer = TypeVar("Answer")


class Absence(Enum):
    GONE = "QuickBooks has no such record"


Seen = dict[str, RemoteRecord | Absence]


@dataclass
class Heard:
    """What became of some questions, for whoever asks what it means that little was learned."""

    answered: bool = False  # at least one
    lost: bool = False  # at least one, twice

    @property
    def nothing(self) -> bool:
        """QuickBooks does not answer at present; what it refuses is no sign of that."""
        return self.lost and not self.answered


def asked(question: Callable[[], Answer], heard: Heard | None = None) -> Answer | None:
    """The answer; None when there was none twice in a row, or QuickBooks refuses to give it. `heard` is told which.

    Raises ApiError when it is the company that is in trouble, not this question.
    """
    heard = heard or Heard()
    for _ in range(2):
        try:
            answer = question()
        except Refused as error:
            if is_the_companys(error):
                raise
            return None
        except Unreachable:
            raise
        except OutcomeUnknown:
            continue
        heard.answered = True
        return answer
    heard.lost = True
    return None


def asked_patiently(question: Callable[[], Answer]) -> Answer:
    """The answer, asked for once more after a moment, also where no connection was made. Raises ApiError."""
    try:
        return question()
    except OutcomeUnknown:
        time.sleep(BLIP_SECONDS)
        return question()


def one(
    client: Client, kind: RecordKind, remote_id: str, heard: Heard | None = None
) -> RemoteRecord | Absence | None:
    """None when it could not be learned. Raises ApiError as `asked` does."""

    def read() -> RemoteRecord | Absence:
        try:
            return client.read(kind.entity, remote_id)
        except Refused as error:
            if proves_gone(error.fault):
                return Absence.GONE
            raise

    return asked(read, heard)


def by_id(client: Client, kind: RecordKind, remote_ids: Collection[str], heard: Heard | None = None) -> Seen:
    """What is under these Ids, with one query for a hundred; what could not be learned is absent.

    A query leaves out what was deleted, but also what it lags behind (contract section 8.9), so what it lacks is
    read singly. Raises ApiError as `asked` does.
    """
    seen: Seen = {}
    listed = sorted(set(remote_ids))
    for start in range(0, len(listed), AT_ONCE):
        wanted = listed[start : start + AT_ONCE]
        found = asked(partial(client.query_all, kind.entity, _with_ids(kind, wanted)), heard)
        if found is not None:
            seen |= {record["Id"]: record for record in found}
            seen |= _singly(client, kind, [id_ for id_ in wanted if id_ not in seen], heard)
    return seen


def _singly(client: Client, kind: RecordKind, remote_ids: Collection[str], heard: Heard | None) -> Seen:
    read = {remote_id: one(client, kind, remote_id, heard) for remote_id in remote_ids}
    return {remote_id: found for remote_id, found in read.items() if found is not None}


def _with_ids(kind: RecordKind, remote_ids: Collection[str]) -> str:
    ids = f"Id IN ({', '.join(quote(remote_id) for remote_id in remote_ids)})"
    return " AND ".join(filter(None, [ids, KINDS[kind].identity.also]))


def is_the_companys(error: ApiError) -> bool:
    """And not that of what was asked."""
    entry = entry_for(error.fault)
    return entry.kind in (RefusalKind.AUTHORIZATION, RefusalKind.OUTAGE) or entry.key in policy.LANE_STOPPERS
