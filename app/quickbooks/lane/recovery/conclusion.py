"""What evidence says of a batch whose answer was lost, written down item by item in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.extensions import db
from app.quickbooks import outbox
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.catalogue import problem
from app.quickbooks.kinds import KINDS
from app.quickbooks.kinds.recognition import Ours
from app.quickbooks.kinds.records import Shelf, name_of
from app.quickbooks.lane import adoption, batches, conflicts, settling
from app.quickbooks.lane.adoption import Links
from app.quickbooks.lane.fences import RowFence, row_by_row
from app.quickbooks.lane.reading import Absence
from app.quickbooks.lane.recovery.evidence import Evidence
from app.quickbooks.lane.recovery.judgement import Judgement, is_renamed
from app.quickbooks.lane.recovery.unsettled import UnsettledBatch
from app.quickbooks.mapping import remembering
from app.quickbooks.mapping.voids import is_void
from app.quickbooks.models import AttemptOutcome, PushBatch, SyncTask
from app.quickbooks.models.batch_items import BatchItem
from app.quickbooks.outbox import outcomes


def conclude(batch_id: int, unsettled: UnsettledBatch, evidence: Evidence) -> list[BatchItem]:
    """Settle what is known. Commits. Returns what is to be sent once more under the same request id."""
    return row_by_row(lambda fence: _conclude(batch_id, unsettled, evidence, fence))


def _conclude(
    batch_id: int, unsettled: UnsettledBatch, evidence: Evidence, fence: RowFence
) -> list[BatchItem]:
    batch = batches.lock_open(batch_id)
    if batch is None:
        db.session.rollback()
        return []
    again = _Conclusion(batch, unsettled, evidence, fence).write()
    db.session.commit()
    return again


class _Conclusion:
    """The batch and its rows, locked, while each item is settled or left open."""

    def __init__(
        self, batch: PushBatch, unsettled: UnsettledBatch, evidence: Evidence, fence: RowFence
    ) -> None:
        self._batch, self._unsettled, self._evidence, self._fence = batch, unsettled, evidence, fence
        self._tasks = batches.lock_rows(batch)
        self._judgement = Judgement(batch, self._tasks, unsettled, evidence)
        self._shelf = Shelf.load(batch.connection_id, self._tasks.values())

    def write(self) -> list[BatchItem]:
        """Settles the rows, and the batch when none is left open."""
        waiting = [item for item in self._batch.items if item.task_id in self._tasks]
        left = [item for item in waiting if not self._fenced(self._settle, item)]
        missing = [item for item in left if self._judgement.is_missing(item)]
        again = missing if self._unsettled.may_repeat(len(missing)) else []
        if self._unsettled.is_certain:
            over = [item for item in left if self._will_not_come(item, missing) and item not in again]
            left = [item for item in left if item not in over]
            for item in over:
                self._fenced(self._not_done, item)
        if self._unsettled.is_hopeless:
            unlearned = [item for item in left if self._judgement.is_unlearned(item) and item not in again]
            left = [item for item in left if item not in unlearned]
            for item in unlearned:
                self._fenced(self._give_up, item)
        settling.follow_up(self._batch.connection_id, self._tasks.values(), self._fence)
        if len(left) < len(waiting):
            batches.note_answer(self._batch.connection_id)
        if not left:
            batches.close(self._batch)
        return again

    def _will_not_come(self, item: BatchItem, missing: Sequence[BatchItem]) -> bool:
        """What is missing while others of the batch are there, QuickBooks may still be making. Sent anew with
        another name, it would be there twice.
        """
        return self._judgement.was_looked_up(item) and (self._unsettled.is_over or item not in missing)

    def _fenced(self, work: Callable[[BatchItem], bool | None], item: BatchItem) -> bool | None:
        """What `work` says; true when it broke, for its row is stopped then."""
        with self._fence.around(self._task(item)):
            return work(item)
        return True

    def _settle(self, item: BatchItem) -> bool:
        """False when it is not known what became of it."""
        bid = item.bid
        if bid in self._evidence.faults:
            return self._faulted(item)
        if self._judgement.was_looked_up(item):
            verdict = self._judgement.verdict(item)
            if isinstance(verdict, Ours):
                self._found(item, verdict.remote)
            return isinstance(verdict, Ours)
        match self._evidence.records.get(bid):
            case None:
                return False
            case Absence.GONE:
                self._gone(item)
            case record if item.operation == "create" or (item.operation == "void" and is_void(record)):
                self._found(item, record)
            case record if item.operation == "update" and self._judgement.may_still_come(item, record):
                return False
            case record:
                self._read_again(item, record)
        return True

    def _faulted(self, item: BatchItem) -> bool:
        task, fault = self._task(item), self._evidence.faults[item.bid]
        if settling.is_open(fault):
            settling.leave_open(self._batch, item, task, fault)
            return False
        batches.note_attempt(task, self._batch, item, AttemptOutcome.REFUSED, fault)
        settling.refuse(self._batch, item, task, self._name(item), fault)
        return True

    def _found(self, item: BatchItem, record: RemoteRecord) -> None:
        task = self._task(item)
        batches.note_attempt(task, self._batch, item, AttemptOutcome.FOUND)
        links = Links.of([(task, record["Id"])])
        settling.succeed(item, task, record, links)
        links.balances_moved()
        if (link := links.link_of(task)) and is_renamed(item, record):
            link.memory = remembering.changed_meanwhile(
                link.memory, KINDS[item.kind].identity.field, item.body
            )
        if settling.has_arrived(item, task):
            outbox.release_waiting([task.id])

    def _not_done(self, item: BatchItem) -> None:
        batches.note_attempt(self._task(item), self._batch, item, AttemptOutcome.NOT_THERE)
        outcomes.send_again(self._task(item), self._name(item))

    def _give_up(self, item: BatchItem) -> None:
        """It may have arrived, so it is looked up before it is sent again: a create as whatever left before, the
        rest because its link is in doubt.
        """
        task = self._task(item)
        batches.note_attempt(task, self._batch, item, AttemptOutcome.NOT_LEARNED)
        if link := self._shelf.link(task):
            link.memory = replace(link.memory, in_doubt=True)
        outcomes.give_up(task, self._name(item))

    def _gone(self, item: BatchItem) -> None:
        """Just right for a deletion; a create is made once more; of the rest repairs.py makes sure, and says so."""
        match item.operation:
            case "delete":
                self._found(item, {"Id": item.body["Id"], "status": "Deleted"})
            case "create":
                self._not_done(item)
            case _:
                batches.note_attempt(self._task(item), self._batch, item, AttemptOutcome.NOT_THERE)
                outcomes.try_again(self._task(item), problem("inactive_reference"))

    def _read_again(self, item: BatchItem, record: RemoteRecord) -> None:
        task = self._task(item)
        batches.note_attempt(task, self._batch, item, AttemptOutcome.REREAD)
        adoption.link(task, record, conflicts.of_unknown_outcome(item, record))
        outcomes.send_again(task, self._name(item))

    def _task(self, item: BatchItem) -> SyncTask:
        return self._tasks[item.task_id]

    def _name(self, item: BatchItem) -> str:
        return name_of(self._shelf.record(self._task(item)), self._task(item).kind)
