"""What has to be asked of QuickBooks before records are created: whether it has them already."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from app.quickbooks.account.connection import fresh_connection
from app.quickbooks.api.client import Client
from app.quickbooks.api.errors import Refused
from app.quickbooks.lane import choosing, known, lookups, reads_blocked, troubles
from app.quickbooks.lane.choosing import Names, New
from app.quickbooks.lane.lookups import Found
from app.quickbooks.matching import directory
from app.quickbooks.models import RecordKind


@dataclass
class Told:
    """What QuickBooks says is there, and the rows of which it does not say: they may not be created."""

    found: dict[RecordKind, Found] = field(default_factory=dict)
    refused: list[tuple[set[int], Refused]] = field(default_factory=list)  # a person has to mend why
    unlearned: set[int] = field(default_factory=set)  # linked by people: not to be taken for gone


class Asking:
    """A wave's questions about its new records, as far as anything may be read."""

    def __init__(self, connection_id: int, reader: Callable[[], Client], may_read: bool) -> None:
        self._id = connection_id
        self._reader = reader
        self._may_read = may_read

    def names(self, new: Collection[New], may_catch_up: bool) -> Names:
        """Return the names to look up. Skip those known to be new in QuickBooks. While reads are blocked, also skip
        kinds whose duplicates QuickBooks refuses itself. `may_catch_up`: the list of what is there may be brought
        up to date. Commits. Raises ApiError and TokenError.
        """
        if not new:
            return {}
        if self._may_read and any(one.kind is RecordKind.CUSTOMER for one in new):
            self._read_customers()
        connection = fresh_connection(self._id)
        untried = [one for one in new if one.is_first]
        others = [one for one in new if not one.is_first]
        if not self._may_read:
            refused = reads_blocked.refused_twice(self._id)
            untried = [one for one in untried if one.kind not in refused]
        may_catch_up = may_catch_up and self._may_read
        asked = known.to_ask(connection, choosing.names_of(untried), self._reader, may_catch_up)
        names = choosing.names_of(others)
        for kind, listed in asked.items():
            names[kind] |= set(listed)
        return names

    def ask(self, names: Names, new: Collection[New]) -> Told:
        """What is there of these names, and of what people linked. Writes nothing. Commits.
        Raises ApiError and TokenError.
        """
        said = choosing.said_to_be(new) if self._may_read else {}
        told = Told()
        if not names and not said:
            return told
        client = self._reader()
        for kind, listed in names.items():
            try:
                told.found[kind] = lookups.find(client, kind, listed)
            except Refused as error:
                if not troubles.is_for_a_person(error):
                    raise
                told.refused.append((_rows(new, kind, listed), error))
        for kind, ids in said.items():
            unlearned = lookups.add(client, kind, told.found.setdefault(kind, {}), ids)
            told.unlearned |= {one.task_id for one in new if one.kind is kind and one.said in unlearned}
        return told

    def stop_untold(self, told: Told) -> set[int]:
        """The rows that do not go, because QuickBooks does not tell: they say why, or are asked about later.
        Commits.
        """
        for rows, error in told.refused:
            troubles.of_look_up(self._id, rows, error)
        if told.unlearned:
            troubles.of_silence(self._id, told.unlearned)
        return told.unlearned.union(*(rows for rows, _ in told.refused))

    def _read_customers(self) -> None:
        """Before the first of ours goes, those that QuickBooks has are known (matching/screening.py)."""
        if fresh_connection(self._id).customers_read_at is None:
            directory.read(self._id, self._reader())


def _rows(new: Collection[New], kind: RecordKind, names: Collection[str]) -> set[int]:
    return {one.task_id for one in new if one.kind is kind and one.name in names}
