"""What came of each try, in words, on the record's own page."""

import pytest

from app.extensions import db
from app.quickbooks.models import AttemptOutcome, SyncAttempt
from app.quickbooks.pages import history
from tests.quickbooks import builders


def test_every_outcome_has_its_words():
    assert set(history.OUTCOMES) == set(AttemptOutcome)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("no token", "The new invoice was not sent, because the access to QuickBooks could not be renewed"),
        ("unauthorized", "The new invoice was not sent, because QuickBooks did not accept the access"),
    ],
)
def test_a_try_without_access_is_told(owner, outcome: str, words: str):
    connection = builders.connected(owner.company)
    invoice = builders.invoice(builders.customer(owner.company))
    attempt = {"version": 1, "operation": "create", "outcome": outcome, "request_id": "r-1"}
    db.session.add(SyncAttempt(task_id=builders.task_of(connection, invoice).id, **attempt))
    db.session.commit()
    assert words in owner.get(f"/invoices/{invoice.id}").text
