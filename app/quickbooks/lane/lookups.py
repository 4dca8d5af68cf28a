"""Is it in QuickBooks already? Asked many at a time, before a first create and whenever an answer was lost
(design: unknown outcomes are looked up).
"""

from collections.abc import Collection, Mapping

from app.quickbooks.account.metering import reading_for
from app.quickbooks.api.client import Client, quote
from app.quickbooks.api.errors import Refused
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.kinds import KINDS
from app.quickbooks.lane import reading
from app.quickbooks.lane.reading import Absence
from app.quickbooks.models import RecordKind

AT_ONCE = 300  # a wave's names in one read; about 10 kB of statement
QUERY_REFUSED = ("4000", "4001", "4002")  # contract section 5

Found = dict[str, list[RemoteRecord]]


@reading_for("look-up")
def find(client: Client, kind: RecordKind, values: Collection[str]) -> Found:
    """QuickBooks' records by the key of their identity, for these values of the field that identifies them; what is
    not there is absent. Raises ApiError.
    """
    identity = KINDS[kind].identity
    found: Found = {}
    listed = sorted(set(values))
    for start in range(0, len(listed), AT_ONCE):
        for record in _ask(client, kind, listed[start : start + AT_ONCE]):
            found.setdefault(identity.key(identity.value(record)), []).append(record)
    return found


@reading_for("look-up")
def add(client: Client, kind: RecordKind, found: Found, said: Mapping[str, Collection[str]]) -> set[str]:
    """To what was found, the records of these Ids, each under the names, numbers or days of ours. Returns the Ids
    of which nothing could be learned. Raises ApiError.
    """
    known = {record["Id"]: record for records in found.values() for record in records}
    read = {**known, **reading.by_id(client, kind, said.keys() - known.keys())}
    for remote_id in said.keys() & read.keys():
        if (record := read[remote_id]) is Absence.GONE:
            continue
        for name in said[remote_id]:
            listed = found.setdefault(KINDS[kind].identity.key(name), [])
            if record not in listed:
                listed.append(record)
    return said.keys() - read.keys()


def _ask(client: Client, kind: RecordKind, values: list[str]) -> list[RemoteRecord]:
    """One query; when a value in it cannot be queried (contract section 2.6, code 4000), halves of it."""
    identity = KINDS[kind].identity
    conditions = [f"{identity.field} IN ({', '.join(quote(value) for value in values)})", identity.also]
    try:
        return client.query_all(kind.entity, " AND ".join(filter(None, conditions)))
    except Refused as error:
        if error.fault.code not in QUERY_REFUSED:
            raise
        if len(values) > 1:
            middle = len(values) // 2
            return [*_ask(client, kind, values[:middle]), *_ask(client, kind, values[middle:])]
        return _compare_locally(client, kind, values[0])


def _compare_locally(client: Client, kind: RecordKind, value: str) -> list[RemoteRecord]:
    identity = KINDS[kind].identity
    everything = client.query_all(kind.entity, identity.also)
    return [record for record in everything if identity.key(identity.value(record)) == identity.key(value)]
