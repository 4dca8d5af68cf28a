"""One wave of a lane: which rows go now, with what content, and the batches written down before they leave."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.customers.models import Customer
from app.extensions import db, now
from app.quickbooks import outbox
from app.quickbooks.catalogue import problem
from app.quickbooks.kinds import KINDS, Record
from app.quickbooks.kinds.operations import Operation, Situation
from app.quickbooks.kinds.recognition import Claim, InTheWay, Lookalike, Ours
from app.quickbooks.kinds.records import Shelf, name_of
from app.quickbooks.lane import adoption, conflicts, ownership, packing, recovery, unapplied
from app.quickbooks.lane.dependencies import Dependencies, Missing
from app.quickbooks.lane.lookups import Found
from app.quickbooks.lane.repairs import STALE
from app.quickbooks.lane.room import Room
from app.quickbooks.mapping import remembering, values
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.money_record import new_mark
from app.quickbooks.mapping.problems import CannotMap
from app.quickbooks.mapping.refs import Refs
from app.quickbooks.mapping.updates import AskFirst
from app.quickbooks.matching import screening
from app.quickbooks.models import Connection, PushBatch, RecordKind, RemoteLink, SyncTask, TaskState
from app.quickbooks.models.answers import Question
from app.quickbooks.outbox import answers, outcomes
from app.quickbooks.outbox.outcomes import park, what_is_missing
from app.quickbooks.outbox.questions import question_about

ALLOW_DUPLICATE_NUMBER = "allowduplicatedocnum"  # contract section 4.2
LOOK_AGAIN = timedelta(seconds=15)


class NotSeenYet(Exception):
    """QuickBooks refuses a name that its queries do not show. A create whose answer was lost may have taken it."""


@dataclass
class Wave:
    """Builds the batches of one wave in one transaction; the caller commits."""

    connection: Connection
    facts: CompanyFacts
    found: dict[RecordKind, Found]
    questions: dict[int, Question] = field(default_factory=dict)  # about customers, by their ids

    def write(self, task_ids: Sequence[int], room: Room) -> list[PushBatch]:
        """Claim rows, build what they need, and store the batches; rows go on the wire."""
        tasks = self._claim(task_ids)
        shelf = Shelf.load(self.connection.id, tasks)
        self.questions = self._screen(tasks, shelf)
        needs = Dependencies(self.connection, shelf.records, self.facts)
        ready = [
            (task, operation)
            for task in tasks
            if (operation := self._prepare(task, shelf, needs)) is not None
        ]
        return packing.store(self.connection.id, packing.cut(ready, room))

    def _screen(self, tasks: Iterable[SyncTask], shelf: Shelf) -> dict[int, Question]:
        """Customers that are new there, compared with those that QuickBooks has under other names."""
        new = [
            (customer, task)
            for task in tasks
            if isinstance(customer := shelf.record(task), Customer) and not shelf.link(task)
        ]
        return screening.doubts(self.connection, new)

    def _claim(self, task_ids: Sequence[int]) -> list[SyncTask]:
        """Rows another session holds are left for the next wave."""
        rows = db.session.scalars(
            select(SyncTask)
            .where(SyncTask.id.in_(task_ids), *outbox.due(self.connection.id))
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
        position = {task_id: place for place, task_id in enumerate(task_ids)}
        return sorted(rows, key=lambda task: position[task.id])

    def _prepare(self, task: SyncTask, shelf: Shelf, needs: Dependencies) -> Operation | None:
        """None when the row was settled, parked or has to wait."""
        record = shelf.record(task)
        if record is None:
            park(task, problem("record_gone"), name_of(None, task.kind))
            return None
        try:
            refs = needs.of(task)
            if not isinstance(refs, Missing):
                return self._build(task, record, shelf.link(task), refs)
            _wait_for(task, refs.task, record)
        except NotSeenYet:
            task.due_at = now() + LOOK_AGAIN
        except CannotMap as error:
            park(task, problem(error.key), name_of(record, task.kind), **error.details)
        return None

    def _build(
        self, task: SyncTask, record: Record, link: RemoteLink | None, refs: Refs | None
    ) -> Operation | None:
        """Raises CannotMap."""
        kind, connection = KINDS[task.kind], self.connection
        if link is None and kind.may_go(record):
            link = self._adopt(task, record, refs)
        if link is None and kind.has_mark:
            task.mark = task.mark or new_mark()  # stored with the batch, so before it is there
        consent = conflicts.consent(task, link)
        if link and conflicts.must_be_read(task, link, consent):
            outcomes.try_again(task, problem(STALE))
            return None
        try:
            at = Situation(task, link, refs, connection.preferences, self.facts, consent)
            operation = kind.operation(record, at)
        except AskFirst as asked:
            conflicts.ask(task, record, asked, link)
            return None
        if operation and answers.of(task).repeats_number:
            operation = replace(operation, include=ALLOW_DUPLICATE_NUMBER)
        if operation and task.problem == "characters_refused":
            operation = replace(operation, body=values.plain(operation.body))
        if operation is None:
            conflicts.nothing_to_send(task, record, link)
        return operation

    def _adopt(self, task: SyncTask, record: Record, refs: Refs | None) -> RemoteLink | None:
        """A record that QuickBooks has already becomes ours, or the row asks what it is."""
        claim = KINDS[task.kind].claim(record, task, refs)
        said = "" if ownership.needs_mark(task, claim) else answers.of(task).link
        if said and adoption.Links.of([(task, said)]).is_anothers(task, said):
            answers.forget_link(task)  # who retries then has it judged as if nothing had been said
            raise CannotMap("linked_is_anothers")
        match ownership.recognise(task, claim, self._remotes(task, record)):
            case InTheWay(problem=trouble, found=found, details=details):
                task.question = question_about(trouble, found).to_json()
                raise CannotMap(trouble, **details)
            case None:
                self._must_be_new(task, said)
                return None
            case Lookalike(remote=remote):
                task.mark = task.mark or new_mark()
                return adoption.link(task, remote)
            case Ours(remote=remote):
                return self._recognised(task, claim, remote)

    def _must_be_new(self, task: SyncTask, said: str) -> None:
        """Nothing there is it; raises NotSeenYet or CannotMap where it may not be made all the same."""
        answers.forget_link(task)  # who retries then has it made
        if said:
            raise CannotMap("linked_is_gone")
        if task.problem == "duplicate_name":
            if recovery.was_lost_lately(task.id):
                raise NotSeenYet
            task.question = Question("name_taken_by_other").to_json()
            raise CannotMap("name_taken_by_other")
        if task.kind is RecordKind.CUSTOMER and task.record_id in self.questions:
            question = self.questions[task.record_id]
            task.question = question.to_json()
            raise CannotMap(question.problem, why=question.told)

    def _recognised(self, task: SyncTask, claim: Claim, remote: dict[str, Any]) -> RemoteLink:
        """A push whose answer was lost made this record: report now what QuickBooks did not take as sent. Where the
        amounts differ a person linked the two, and ours is written.
        """
        kind, link = KINDS[task.kind], adoption.link(task, remote)
        untaken = kind.untaken(claim.fields, remote)
        disagreement = kind.disagreement(claim.fields, claim.total, remote)
        if not untaken or disagreement is None or remote["TotalAmt"] != claim.total:
            return link
        link.memory = remembering.untaken(link.memory, untaken)
        trouble, details = disagreement
        if trouble == unapplied.NOT_APPLIED:  # sent once more, and looked into when that does not help
            return link
        raise CannotMap(trouble, **details)

    def _remotes(self, task: SyncTask, record: Record) -> list[dict[str, Any]]:
        """The records there that may be this one."""
        kind = KINDS[task.kind]
        key = kind.identity.key(kind.name_there(record, task))
        return self.found.get(task.kind, {}).get(key, [])


def _wait_for(task: SyncTask, dependency: SyncTask, record: Record) -> None:
    """The row sleeps until what it needs is settled; when that needs a person, so does this row."""
    if dependency.state in (TaskState.ERROR, TaskState.SKIPPED):
        entry, details = what_is_missing(dependency)
        park(task, entry, name_of(record, task.kind), waits_for=dependency, **details)
        return
    if dependency.state is TaskState.SYNCED:  # its link is gone: it has to be sent again
        outbox.queue(task.connection_id, dependency.kind, [dependency.record_id])
    dependency.by_hand |= task.by_hand
    task.waits_for_id = dependency.id
