"""Is an item whose answer was lost in QuickBooks, is it not, or does nobody know yet? Nothing is written here."""

from collections.abc import Mapping, Sequence

from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.kinds import KINDS
from app.quickbooks.kinds.recognition import Claim, Lookalike, Ours, Recognition, first, is_marked
from app.quickbooks.lane import ownership
from app.quickbooks.lane.adoption import Links
from app.quickbooks.lane.recovery.evidence import Evidence, is_what_was_sent
from app.quickbooks.lane.recovery.unsettled import UnsettledBatch
from app.quickbooks.mapping.fields import agrees
from app.quickbooks.mapping.voids import is_void
from app.quickbooks.models import PushBatch, SyncTask
from app.quickbooks.models.batch_items import BatchItem

LEAST_CONTENT = 2  # fields: one alone, a street say, tells nobody


class Judgement:
    """Of each item of one batch, by what QuickBooks was seen to hold."""

    def __init__(
        self, batch: PushBatch, tasks: Mapping[int, SyncTask], unsettled: UnsettledBatch, evidence: Evidence
    ) -> None:
        self._batch, self._tasks, self._unsettled, self._evidence = batch, tasks, unsettled, evidence

    def was_looked_up(self, item: BatchItem) -> bool:
        return item.bid in self._evidence.namesakes

    def is_missing(self, item: BatchItem) -> bool:
        """It is not there, and nothing else has its name or number. Where something has, the row is queued anew and
        asks a person.
        """
        return self.was_looked_up(item) and self.verdict(item) is None

    def is_unlearned(self, item: BatchItem) -> bool:
        """QuickBooks did not let us see it. An item that it had an error with just now is looked up once more."""
        return item.bid not in self._evidence.faults

    def verdict(self, item: BatchItem) -> Recognition:
        """What nothing contradicts, but is not what was sent either, somebody else has made: it is adopted when the
        row is queued anew, and filled in.
        """
        namesakes = self._evidence.namesakes[item.bid]
        verdict = ownership.recognise(self._tasks[item.task_id], Claim.of_item(item), namesakes)
        if isinstance(verdict, Ours) and is_what_was_sent(item, verdict.remote):
            return verdict
        if renamed := self._renamed(item) or (self._marked(item) if verdict is None else None):
            return renamed
        return Lookalike(verdict.remote) if isinstance(verdict, Ours) else verdict

    def may_still_come(self, item: BatchItem, record: RemoteRecord) -> bool:
        """The update is not there yet, or a query lags behind it. Sent again now, and edited once more, the one
        that comes late would pass for somebody's change.
        """
        return not self._unsettled.is_over and record["SyncToken"] == item.body["SyncToken"]

    def _renamed(self, item: BatchItem) -> Ours | None:
        """The one of the latest records that has all the content that was sent, under another name or number than
        anything in the batch: somebody changed that before we knew of it.
        """
        sent = {name: item.body[name] for name in KINDS[item.kind].content if name in item.body}
        if len(sent) < LEAST_CONTENT:
            return None
        identity = KINDS[item.kind].identity
        names = {identity.key(identity.value(one.body)) for one in self._batch.items if one.kind is item.kind}
        same = [
            remote
            for remote in self._evidence.latest.get(item.kind, [])
            if identity.key(identity.value(remote)) not in names
            and all(agrees(name, value, remote.get(name)) for name, value in sent.items())
        ]
        free = self._free(item, same)
        return Ours(free[0]) if len(free) == 1 else None

    def _marked(self, item: BatchItem) -> Ours | None:
        """The one of the latest records that has our mark, on another day than it was sent with."""
        claim = Claim.of_item(item)
        latest = self._evidence.latest.get(item.kind, [])
        marked = [remote for remote in latest if is_marked(claim, remote) and not is_void(remote)]
        return first(self._free(item, marked))

    def _free(self, item: BatchItem, remotes: Sequence[RemoteRecord]) -> list[RemoteRecord]:
        """Those that no other record of ours is linked to, and that nobody has set apart from this one."""
        task = self._tasks[item.task_id]
        others = ownership.set_apart(task) if remotes else set()
        links = Links.of((task, remote["Id"]) for remote in remotes)
        return [
            remote
            for remote in remotes
            if remote["Id"] not in others and not links.is_anothers(task, remote["Id"])
        ]


def is_renamed(item: BatchItem, record: RemoteRecord) -> bool:
    """What we made has another name, number or day there than the one it was sent with."""
    kind = KINDS[item.kind]
    if item.operation != "create" or not (kind.content or kind.has_mark):
        return False
    sent, present = (kind.identity.key(kind.identity.value(one)) for one in (item.body, record))
    return sent != present
