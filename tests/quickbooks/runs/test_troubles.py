"""Why a reading could not be finished: what is said, and what it means for the connection."""

from app.quickbooks.api.errors import THROTTLED, Fault, NoTurn
from app.quickbooks.runs import troubles


def test_a_page_whose_turn_does_not_come_pauses_nothing(quickbooks):
    reading = troubles.Reading("the books", "Try again", "It was disconnected.")
    fault = Fault(None, THROTTLED, "No turn came within our own limits.")
    told = troubles.read_trouble(quickbooks.connection.id, NoTurn(fault), reading)
    assert told == "Sending takes all the requests that QuickBooks allows just now. Try again in a minute."
    assert quickbooks.connection.paused_until is None
