"""The published limits (contract section 3). Time is moved, never waited for."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from simulator.limits import LimitReachedError, Limits
from tests.simulator.connected import Connected

TERMS = {"BatchItemRequest": [{"bId": "1", "Query": "SELECT COUNT(*) FROM Term"}]}


@pytest.fixture
def limited(us: Connected) -> Connected:
    us.simulator.settings(limits=True, time_scale=0.001)  # a second lasts for ever, unless the clock is moved
    return us


def pass_seconds(us: Connected, seconds: float) -> None:
    us.simulator.control("POST", "clock", {"advance_seconds": seconds})


def statuses(us: Connected, calls: int, path: str = "preferences") -> list[int]:
    return [us.call("GET", path).status_code for _ in range(calls)]


def test_ten_requests_a_second(limited: Connected) -> None:
    assert statuses(limited, 11) == [200] * 10 + [429]
    refusals = [call["limit"] for call in limited.simulator.calls(limited.realm) if call["status"] == 429]
    assert refusals == ["requests a second"]
    pass_seconds(limited, 1)
    assert statuses(limited, 1) == [200]


def test_five_hundred_requests_in_any_minute(limited: Connected) -> None:
    for _ in range(50):
        assert statuses(limited, 10) == [200] * 10
        pass_seconds(limited, 1)
    assert statuses(limited, 1) == [429]
    pass_seconds(limited, 10)  # the first ten leave the window
    assert statuses(limited, 1) == [200]


def test_forty_batches_a_minute(limited: Connected) -> None:
    for _ in range(40):
        assert limited.call("POST", "batch", TERMS).status_code == 200
        pass_seconds(limited, 1)
    assert limited.call("POST", "batch", TERMS).status_code == 429
    assert statuses(limited, 1) == [200]


def test_ten_at_once(us: Connected) -> None:
    us.simulator.settings(limits=True, time_scale=1000, latency_ms=1500)
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: us.call("GET", "preferences").status_code, range(12)))
    assert sorted(answers) == [200] * 10 + [429] * 2


def test_companies_are_limited_apart(limited: Connected, uk: Connected) -> None:
    limited.simulator.settings(limits=True, time_scale=0.001)
    statuses(limited, 10)
    assert statuses(uk, 1) == [200]


def test_the_throttle_fault(limited: Connected) -> None:
    statuses(limited, 10)
    limited.simulator.settings(throttle_format="json")
    body = limited.call("GET", "preferences").json()["Fault"]
    assert body["Error"][0] == {
        "Message": "message=ThrottleExceeded; errorCode=003001; statusCode=429",
        "Detail": "The request limit was reached. Try again later",
        "code": "3001",
    }
    assert body["type"] == "SERVICE"


def test_the_throttle_fault_is_xml_whatever_was_asked_for(limited: Connected) -> None:
    statuses(limited, 10)
    answer = limited.call("GET", "preferences")
    assert answer.headers["Content-Type"] == "application/xml"
    assert b'<Fault type="SERVICE"><Error code="3001">' in answer.content


@pytest.mark.parametrize(("spelling", "start"), [("xml", b"<?xml"), ("gateway", b'{"warnings"')])
def test_spellings_of_the_throttle_fault(limited: Connected, spelling: str, start: bytes) -> None:
    limited.simulator.settings(throttle_format=spelling, retry_after=17)
    statuses(limited, 10)
    answer = limited.call("GET", "preferences")
    assert answer.status_code == 429
    assert answer.content.startswith(start)
    assert b"3001" in answer.content
    assert answer.headers["Retry-After"] == "17"


def test_some_limits_are_shared_by_all_apps_and_some_are_not() -> None:
    """Only one app can be registered here, so this asks the limits themselves."""
    now = 0.0
    limits = Limits(lambda: now)

    def admitted(app: str, batch: bool) -> bool:
        try:
            with limits.admit("realm", app, batch):
                return True
        except LimitReachedError:
            return False

    for app in ("a", "b", "c", "d"):
        assert all(admitted(app, batch=True) for _ in range(10))
        now += 1
        assert all(admitted(app, batch=True) for _ in range(10))
    now += 1
    for app in ("a", "b", "c", "d"):
        assert all(admitted(app, batch=True) for _ in range(10))  # 120 batches, 30 of each app
    now += 1
    assert not admitted("a", batch=True)
    assert admitted("a", batch=False)


def test_limits_can_be_off(us: Connected) -> None:
    assert statuses(us, 30) == [200] * 30
