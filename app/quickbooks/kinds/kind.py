"""The questions that the sync asks of every kind of record. Each kind answers them in a module of its own."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import Select

from app.activity.models import Subject
from app.quickbooks.mapping.identity import Identity
from app.quickbooks.models import RecordKind, SyncTask

R = TypeVar("R")


class Kind(ABC, Generic[R]):
    """R is our model."""

    key: ClassVar[RecordKind]
    model: ClassVar[Any]
    loader: ClassVar[Select[Any]]  # records with all that a push reads of them
    order: ClassVar[int]  # what others need goes before them
    identity: ClassVar[Identity]  # what QuickBooks is asked for before a create

    @property
    def entity(self) -> str:
        """QuickBooks' name for it."""
        return self.key.entity

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
