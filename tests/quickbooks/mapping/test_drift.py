"""What counts as a change in QuickBooks, what does not, and the words for it."""

from decimal import Decimal

import pytest

from app.quickbooks.mapping.drift import changes, fingerprint

SENT = {
    "doc_number": "INV-1",
    "total": Decimal("100.00"),
    "balance": Decimal("100.00"),
    "customer_id": "7",
    "customer_name": "Rivera HVAC",
    "voided": False,
}
ANOTHER_CUSTOMER = {"customer_id": "8", "customer_name": "Elm Bakery"}
VOIDED = {"voided": True, "total": Decimal(0), "balance": Decimal(0)}


def told(after: dict, before: dict = SENT, **options) -> list[str]:
    return [change.words("$") for change in changes(before, after, **options)]


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ({"total": Decimal("1120")}, ["the total from $100.00 to $1,120.00"]),
        ({"doc_number": "INV-1b"}, ["the number from INV-1 to INV-1b"]),
        ({"doc_number": ""}, ["the number from INV-1 to none"]),
        (ANOTHER_CUSTOMER, ["the customer from Rivera HVAC to Elm Bakery"]),
        (VOIDED, ["it was voided"]),
        (
            {"total": Decimal(5), "doc_number": "9"},
            ["the total from $100.00 to $5.00", "the number from INV-1 to 9"],
        ),
    ],
)
def test_a_change_in_words(edit: dict, words: list[str]):
    assert told(SENT | edit) == words


@pytest.mark.parametrize(
    "edit",
    [
        {"balance": Decimal(60)},
        {"total": Decimal(100)},
        {"customer_name": "Rivera HVAC Inc"},
    ],
)
def test_a_payment_and_a_new_name_of_the_customer_are_none(edit: dict):
    assert told(SENT | edit) == []


def test_what_we_write_ourselves_is_none_whoever_wrote_it_first():
    assert told(SENT | {"total": Decimal(120)}, ours=[{"total": Decimal(120)}]) == []
    assert told(SENT | {"total": Decimal(120)}, ours=[{"total": Decimal(130)}, {}]) != []
    assert told(SENT | VOIDED, ours=[{"voided": True}]) == []


def test_a_snapshot_of_before_such_a_field_was_kept_says_nothing_about_it():
    assert told(SENT | ANOTHER_CUSTOMER, before={"total": Decimal(100)}) == []


def test_the_fingerprint_follows_what_is_watched_alone():
    assert fingerprint(SENT) == fingerprint(SENT | {"total": Decimal(100), "balance": Decimal(1)})
    edits = [{"total": Decimal(101)}, {"doc_number": "2"}, ANOTHER_CUSTOMER, VOIDED]
    assert len({fingerprint(SENT | edit) for edit in [{}, *edits]}) == 5
