"""How many batches and plain requests may go, by what is due and what is out."""

from dataclasses import replace

import pytest

from app.quickbooks.api.pace import GAP, PART_GAP
from app.quickbooks.lane import room
from app.quickbooks.lane.room import (
    BATCH_SIZE,
    BATCHES_OUT,
    CHEAPER_AS_SINGLES,
    FASTER_AS_SINGLES,
    SINGLES_OUT,
    Room,
)

MINUTE = 39
MANY = 2000


@pytest.mark.parametrize(
    ("due", "left", "space"),
    [
        (0, 0, Room(0, 0)),
        (1, MINUTE, Room(BATCHES_OUT, 0)),
        (MINUTE * BATCH_SIZE, MINUTE, Room(BATCHES_OUT, 0)),
        (MINUTE * BATCH_SIZE + 5, MINUTE, Room(BATCHES_OUT, 5)),
        (MANY, MINUTE, Room(BATCHES_OUT, SINGLES_OUT)),
        (40, 1, Room(1, 10)),
        (3, 0, Room(0, 3)),
        (BATCHES_OUT * BATCH_SIZE + 7, MINUTE, Room(BATCHES_OUT, 7)),
    ],
)
def test_plain_requests_take_what_the_minutes_batches_cannot(due: int, left: int, space: Room) -> None:
    assert room.to_begin(due, left) == replace(space, unbatched=room.most_unbatched(left))


@pytest.mark.parametrize(
    ("due", "left", "out", "space"),
    [
        (BATCH_SIZE - 1, MINUTE, (0, 1), Room(0, 0)),
        (BATCH_SIZE - 1, MINUTE, (0, 0), Room(0, 0)),
        (BATCH_SIZE * 3 + 10, MINUTE, (3, 0), Room(3, 10)),
        (BATCH_SIZE, MINUTE, (1, 0), Room(BATCHES_OUT - 1, 0)),
        (MANY, MINUTE, (2, 0), Room(BATCHES_OUT - 2, SINGLES_OUT)),
        (MANY, 0, (BATCHES_OUT, 0), Room(0, SINGLES_OUT)),
        (10, 0, (0, 8), Room(0, 10)),
        (MANY, MINUTE, (BATCHES_OUT - 2, SINGLES_OUT - 15), Room(0, 0)),
        (MANY, MINUTE, (BATCHES_OUT - 3, SINGLES_OUT - 16), Room(3, 16)),
    ],
)
def test_less_than_a_batch_does_not_join_what_is_out(
    due: int, left: int, out: tuple[int, int], space: Room
) -> None:
    assert room.to_join(due, left, *out) == replace(space, unbatched=room.most_unbatched(left))


@pytest.mark.parametrize(
    ("left", "most"),
    [(MINUTE, FASTER_AS_SINGLES), (30, FASTER_AS_SINGLES), (29, CHEAPER_AS_SINGLES), (0, CHEAPER_AS_SINGLES)],
)
def test_small_batches_do_not_use_up_the_minute(left: int, most: int) -> None:
    assert room.most_unbatched(left) == most


def test_few_plain_requests_take_no_longer_than_a_batchs_share_of_the_minute() -> None:
    assert CHEAPER_AS_SINGLES * GAP <= PART_GAP < (CHEAPER_AS_SINGLES + 1) * GAP
