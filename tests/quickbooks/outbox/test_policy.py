"""Every kind of refusal leads to one decision."""

from datetime import timedelta

import pytest

from app.quickbooks.catalogue import Entry, RefusalKind
from app.quickbooks.outbox import policy


def entry(kind: RefusalKind, key: str = "some_problem") -> Entry:
    return Entry(key=key, kind=kind, sentence="{record} failed.", remedy="Try again.")


@pytest.mark.parametrize(
    ("kind", "decision"),
    [
        (RefusalKind.TRANSIENT, policy.Later),
        (RefusalKind.OUTAGE, policy.PauseLane),
        (RefusalKind.THROTTLED, policy.PauseLane),
        (RefusalKind.AUTHORIZATION, policy.AskToReconnect),
        (RefusalKind.FIXABLE, policy.Again),
        (RefusalKind.PERSON, policy.Park),
        (RefusalKind.OPERATOR, policy.Park),
    ],
)
def test_kind_decides(kind: RefusalKind, decision: type):
    assert isinstance(policy.decide(entry(kind), attempts=0, fixes=0), decision)


def test_the_tenth_try_is_the_last():
    assert isinstance(policy.decide(entry(RefusalKind.TRANSIENT), attempts=8, fixes=0), policy.Later)
    assert isinstance(policy.decide(entry(RefusalKind.TRANSIENT), attempts=9, fixes=0), policy.Park)


def test_what_cannot_be_fixed_is_parked():
    assert isinstance(
        policy.decide(entry(RefusalKind.FIXABLE), attempts=0, fixes=policy.MAX_FIXES), policy.Park
    )


def test_a_lapsed_subscription_stops_the_company_not_the_row():
    decision = policy.decide(entry(RefusalKind.PERSON, "subscription_lapsed"), attempts=0, fixes=0)
    assert decision == policy.PauseLane("subscription_lapsed", timedelta(hours=1))


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(0, 1), (1, 2), (2, 4), (5, 32), (8, 256), (9, 360), (30, 360)]
)
def test_backoff_doubles_up_to_six_hours(attempts: int, minutes: int):
    middle = policy.backoff(attempts, jitter=0.5)
    assert middle == timedelta(minutes=minutes)
    assert policy.backoff(attempts, jitter=0.0) == middle * 0.75
    assert policy.backoff(attempts, jitter=1.0) <= timedelta(hours=6)
