"""An invoice as both books have it, beside each other (preview.py)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from app.quickbooks.models.differences import Aspect, Difference


@dataclass(frozen=True)
class Side:
    """An invoice as one of the two books has it."""

    number: str
    day: date
    customer: str
    total: Decimal
    balance: Decimal
    is_void: bool


@dataclass(frozen=True)
class Rest:
    """A field that is different in QuickBooks, with both values in words."""

    what: str
    here: str
    there: str

    @property
    def text(self) -> str:
        return f"{self.what} {self.here} here, {self.there} in QuickBooks"


@dataclass(frozen=True)
class Preview:
    """`there` is None when it was deleted in QuickBooks, or when QuickBooks could not be read: `trouble` says why.

    `differing` are the aspects that ought to agree and do not, a balance only where payments sync; `differences`
    are their words, `rest` are fields beside those of the two sides that do not agree. `changed` is what somebody
    changed in QuickBooks since the last push, of what a push would overwrite; `is_moved` says that something was
    changed there at all.
    """

    remote_id: str
    here: Side
    sent_at: datetime
    was_sent: bool = True  # or linked alone, at that moment
    there: Side | None = None
    trouble: str = ""
    differing: frozenset[Aspect] = frozenset()
    differences: tuple[Difference, ...] = ()
    rest: tuple[Rest, ...] = ()
    same_number: str = ""  # in words: other invoices there have its number, as was last found
    changed: tuple[str, ...] = ()
    is_moved: bool = False
    is_whole: bool = (
        True  # all that a push could overwrite is shown: not where nothing of ours was compared yet
    )
    fingerprint: str = ""

    @property
    def is_deleted(self) -> bool:
        return self.there is None and not self.trouble

    @property
    def agrees(self) -> bool:
        return self.there is not None and not self.differences

    @property
    def is_same(self) -> bool:
        """Nothing that is shown differs, and there is nothing to decide."""
        return self.there is not None and self.agrees and self.here.balance == self.there.balance

    @property
    def may_overwrite(self) -> bool:
        """A voided invoice stays void in QuickBooks, whatever is sent."""
        return self.there is not None and (self.here.is_void or not self.there.is_void)
