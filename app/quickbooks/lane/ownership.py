"""Is a record in QuickBooks ours? What people answered comes first, then the rules of its kind (Kind.judge)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.quickbooks.kinds import KINDS
from app.quickbooks.kinds.recognition import Candidates, Claim, Ours, Recognition, is_marked
from app.quickbooks.lane.adoption import Links
from app.quickbooks.models import FoundInvoice, FoundState, RecordKind, SyncTask
from app.quickbooks.outbox import answers


def recognise(task: SyncTask, claim: Claim, found: Sequence[dict[str, Any]]) -> Recognition:
    """Of the records with its name, number or day; None when none is in the way.

    A person's answer to link the two counts for more than what contradicts, and one that both keep the number for
    more than what agrees. Who linked them before ours became void has not said that theirs is to be voided. For
    money that is over here our mark alone counts: nobody is asked about it, and nobody else's record is touched.
    """
    kind, answer = KINDS[task.kind], answers.of(task)
    others = set_apart(task) if found else set()
    found = [
        remote
        for remote in found
        if remote["Id"] not in others and (remote["Id"] == answer.link or kind.may_be(claim, remote))
    ]
    if needs_mark(task, claim):
        found = [remote for remote in found if is_marked(claim, remote)]
    links = Links.of((task, remote["Id"]) for remote in found)
    free = [remote for remote in found if not links.is_anothers(task, remote["Id"])]
    for remote in free:
        if remote["Id"] == answer.link and (answer.ends or not claim.is_over or kind.has_mark):
            return Ours(remote)
    return kind.judge(claim, Candidates(task.connection_id, found, free))


def needs_mark(task: SyncTask, claim: Claim) -> bool:
    return claim.is_over and KINDS[task.kind].has_mark


def set_apart(task: SyncTask) -> set[str]:
    """Ids of the records there of which people said that they are not this one."""
    answer = answers.of(task)
    return {*answer.others, *_found_apart(task)} - {answer.link}


def _found_apart(task: SyncTask) -> Sequence[str]:
    """The invoice there of which a person said, before anything was sent, that it is not this one."""
    if task.kind is not RecordKind.INVOICE:
        return ()
    return db.session.scalars(
        select(FoundInvoice.remote_id).filter_by(
            connection_id=task.connection_id, invoice_id=task.record_id, state=FoundState.ANOTHER
        )
    ).all()
