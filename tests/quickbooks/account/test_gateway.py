"""What a client does about a throttle of QuickBooks, and about a turn of our own that does not come."""

import pytest

from app.quickbooks.account.gateway import PacedTransport, always_open
from app.quickbooks.api.errors import NoTurn, Throttled
from app.quickbooks.api.pace import Pace

ADDRESS = "https://quickbooks.example"
NOBODY = "redis://127.0.0.1:1/0"


def test_a_turn_that_does_not_come_is_no_throttle(requests_mock, monkeypatch):
    """It holds the company for no breath, and the page for its patience only once."""
    asked = requests_mock.get(f"{ADDRESS}/v3/company/1/query")
    naps, breaths = [], []
    pace = Pace(NOBODY, sleep=naps.append)
    pace.take_breath("1")  # somebody else's
    monkeypatch.setattr(pace, "take_breath", breaths.append)
    page = PacedTransport(ADDRESS, "1", "token", pace=pace, gate=always_open, patience=0.5)
    with pytest.raises(NoTurn):
        page.request("GET", "query")
    assert (breaths, naps, asked.called) == ([], [], False)


def test_a_throttle_is_asked_again_after_a_breath(requests_mock, monkeypatch):
    """A write: of a read the month's count is asked first, which takes a database."""
    refusal = {"fault": {"error": [{"code": "003001"}]}}
    asked = requests_mock.post(f"{ADDRESS}/v3/company/1/invoice", status_code=429, json=refusal)
    pace, breaths = Pace(NOBODY, sleep=lambda _: None), []
    monkeypatch.setattr(pace, "take_breath", breaths.append)
    client = PacedTransport(ADDRESS, "1", "token", pace=pace, gate=always_open)
    with pytest.raises(Throttled):
        client.request("POST", "invoice")
    assert (breaths, asked.call_count) == (["1"], 2)
