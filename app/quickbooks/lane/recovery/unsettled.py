"""A batch nobody settled, as recovery took it up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select

from app.extensions import db, now
from app.quickbooks.kinds import KINDS
from app.quickbooks.lane.sending import Parcel
from app.quickbooks.models import AttemptOutcome, SyncAttempt
from app.quickbooks.models.batch_items import BatchItem

MOST_CHECKS = 100  # five minutes apart, some eight hours: as long as the ten tries of a row take


@dataclass(frozen=True)
class UnsettledBatch:
    """Its items that are still open, when it may have left for the last time, whether it was sent twice, and how
    often it was looked up, this time included.
    """

    parcel: Parcel
    waiting: list[BatchItem]
    left_at: datetime
    repeated: bool
    checks: int

    @property
    def is_over(self) -> bool:
        """QuickBooks can no longer be working on it."""
        return self.left_at + server_limit() <= now()

    @property
    def is_certain(self) -> bool:
        """What is not there will not come any more, or all of it could not come twice."""
        return self.is_over or (self._names_are_unique and self._is_whole(len(self.waiting)))

    @property
    def is_hopeless(self) -> bool:
        """QuickBooks was asked long enough: what it still says nothing about needs a person."""
        return self.is_over and self.checks >= MOST_CHECKS

    def may_repeat(self, missing: int) -> bool:
        """A batch is only sent again when nothing of it was done: where QuickBooks has forgotten the request id,
        the done part would be done twice. So would a customer of it that has another name by now.
        """
        return self._is_whole(missing) and self.is_certain and not self.repeated

    def _is_whole(self, count: int) -> bool:
        return count == len(self.parcel.items)

    @property
    def _names_are_unique(self) -> bool:
        """Then the second of two executions makes nothing: QuickBooks refuses its names."""
        return all(KINDS[item.kind].identity.is_unique for item in self.parcel.items)


def server_limit() -> timedelta:
    return timedelta(seconds=current_app.config["QUICKBOOKS_SERVER_LIMIT_SECONDS"])


def was_lost_lately(task_id: int) -> bool:
    """Whether the answer to one of its requests was lost, and queries may not show yet what it did."""
    lost = select(SyncAttempt.id).where(
        SyncAttempt.task_id == task_id,
        SyncAttempt.outcome == AttemptOutcome.UNKNOWN,
        SyncAttempt.at > now() - server_limit(),
    )
    return db.session.scalar(lost.limit(1)) is not None
