"""The questions that the sync asks of every kind of record. Each kind answers them in a module of its own."""

from abc import ABC, abstractmethod
from decimal import Decimal
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import Select

from app.activity.models import Subject
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.catalogue import keys
from app.quickbooks.kinds.needs import Needs
from app.quickbooks.kinds.operations import Operation, Situation
from app.quickbooks.kinds.recognition import Candidates, Claim, Recognition
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.identity import Identity
from app.quickbooks.mapping.refs import Refs
from app.quickbooks.models import Connection, RecordKind, RemoteLink, SyncTask
from app.quickbooks.models.differences import Difference

R = TypeVar("R")
Problem = tuple[str, dict[str, Any]]  # a key of the catalogue, and the details of its sentence


class Kind(ABC, Generic[R]):
    """R is our model."""

    key: ClassVar[RecordKind]
    model: ClassVar[Any]
    loader: ClassVar[Select[Any]]  # records with all that a push reads of them
    order: ClassVar[int]  # what others need goes before them
    identity: ClassVar[Identity]  # what QuickBooks is asked for before a create
    # What tells a record of ours there when somebody changed its name or number.
    content: tuple[str, ...] = ()
    has_mark = False  # its note there carries a mark of ours (SyncTask.mark)
    is_queued_by_need = False  # whatever needs it puts it into the outbox
    is_previewed = False  # people are shown both sides before a push overwrites one (pages/preview.py)
    problem_if_gone = keys.DELETED
    problem_if_void = keys.VOIDED

    # What it is called.

    @abstractmethod
    def name(self, record: R) -> str:
        """What a sentence about the record calls it."""

    @abstractmethod
    def subject(self, record: R) -> Subject:
        """What the activity calls it."""

    @abstractmethod
    def name_there(self, record: R, task: SyncTask) -> str:
        """The value of its identity in QuickBooks: a name, a number or a day."""

    def symbol(self, record: R) -> str:
        """The sign of the currency of its amounts; empty where it has none."""
        return ""

    # What it needs, and what is sent.

    def named(self, record: R) -> Needs | None:
        """What its record in QuickBooks names; None where that is nothing of ours."""
        return None

    def needs(self, record: R, facts: CompanyFacts) -> Needs | None:
        """What has to be there before it is sent; None where nothing has."""
        return None

    def may_go(self, record: R) -> bool:
        """False for what waits here until it is something else: nothing there is taken for it either."""
        return True

    @abstractmethod
    def operation(self, record: R, at: Situation) -> Operation | None:
        """None when there is nothing left to send. Raises CannotMap, and AskFirst where what somebody wrote there
        would be overwritten without consent.
        """

    # Which record there is ours.

    @abstractmethod
    def claim(self, record: R, task: SyncTask, refs: Refs | None) -> Claim:
        """What we would send now, as far as it tells whether a record there is ours."""

    def may_be(self, claim: Claim, remote: RemoteRecord) -> bool:
        """Worth a closer look, where a name, number or day is shared by many."""
        return True

    @abstractmethod
    def judge(self, claim: Claim, candidates: Candidates) -> Recognition:
        """None when none of the candidates is in the way."""

    def taken(self, connection_id: int, remote_id: str) -> Problem:
        """What to say when QuickBooks answers with a record that another one of ours is linked to."""
        return "record_taken", {}

    # What QuickBooks made of it.

    def disagreement(self, body: RemoteRecord, total: Decimal | None, remote: RemoteRecord) -> Problem | None:
        """What QuickBooks took in other amounts than we sent."""
        if total is not None and remote.get("TotalAmt") != total:
            return keys.TOTAL_DIFFERS, {"here": total, "there": remote.get("TotalAmt")}
        return None

    def untaken(self, body: RemoteRecord, remote: RemoteRecord) -> str:
        """The field that QuickBooks could not take as we said; empty when there is none."""
        return ""

    def total_there(self, record: R) -> Decimal | None:
        """What QuickBooks has to show once nothing is left to send; None where that is not compared."""
        return None

    def differences(self, record: R, link: RemoteLink, connection: Connection) -> list[Difference]:
        """What somebody changed there since we wrote it. An invoice's total is left to total_there."""
        return []

    def may_be_gone(self, record: R) -> bool:
        """It is just right that QuickBooks has it no more."""
        return False
