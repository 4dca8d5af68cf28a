"""How many batches and plain requests may go, by what is due, what is on the wire, and what the minute leaves."""

from dataclasses import dataclass

from app.quickbooks.api.pace import BATCHES, GAP, PART_GAP

BATCH_SIZE = 30  # contract section 2.8
FASTER_AS_SINGLES = 2  # rows for which a batch is slower than plain requests
CHEAPER_AS_SINGLES = PART_GAP // GAP  # rows whose turns take no longer than a batch's share of the minute
BATCHES_OUT = 6  # at once; the other threads are for plain requests
SINGLES_OUT = 32
# Rows that a minute's batches take together; more due rows than these need not be counted.
ENOUGH = BATCHES.amount * BATCH_SIZE + SINGLES_OUT


@dataclass(frozen=True)
class Room:
    """How many batches and plain requests may be added to what is on the wire; up to `unbatched` rows need none
    of the batches.
    """

    batches: int
    singles: int
    unbatched: int = FASTER_AS_SINGLES

    @property
    def rows(self) -> int:
        return self.batches * BATCH_SIZE + self.singles


def most_unbatched(left: int) -> int:
    """So many rows take no batch. Once a quarter of the minute's is used, small batches would use up the rest."""
    return FASTER_AS_SINGLES if left > BATCHES.amount * 3 // 4 else CHEAPER_AS_SINGLES


def to_begin(due: int, left: int) -> Room:
    """Of a wave with `due` rows (counted up to ENOUGH), while the minute has `left` batches."""
    return _room(due, left, min(left, BATCHES_OUT), SINGLES_OUT)


def to_join(due: int, left: int, batches_out: int, singles_out: int) -> Room:
    """How much may join what is on the wire. A batch of two rows uses the minute's limit as much as one of thirty,
    so rows that do not fill a batch wait for the next wave. Adding a few batches at a time would cost one look-up
    each time.
    """
    batches, singles = min(left, BATCHES_OUT - batches_out), SINGLES_OUT - singles_out
    return _room(
        due,
        left,
        batches if due >= BATCH_SIZE and batches >= BATCHES_OUT // 2 else 0,
        singles if singles >= SINGLES_OUT // 2 else 0,
    )


def _room(due: int, left: int, batches: int, singles: int) -> Room:
    """Plain requests take what the batches of this minute cannot, and the last few: that saves a look-up."""
    rest = max(due - batches * BATCH_SIZE, 0)
    beyond = max(due - left * BATCH_SIZE, 0)
    return Room(batches, rest if batches and rest <= singles else min(singles, beyond), most_unbatched(left))
