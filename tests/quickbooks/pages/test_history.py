"""What came of each try, in words, on the record's own page."""

import pytest

from app.extensions import db
from app.quickbooks.models import AttemptOutcome, SyncAttempt
from app.quickbooks.pages import history
from tests.quickbooks import builders


def test_every_outcome_has_its_words():
    assert set(history.OUTCOMES) == set(AttemptOutcome)


@pytest.mark.parametrize(
    ("outcome", "words", "cell"),
    [
        (
            "no token",
            "The new invoice was not sent, because the access to QuickBooks could not be renewed",
            "Not sent: no access",
        ),
        (
            "unauthorized",
            "The new invoice was not sent, because QuickBooks did not accept the access",
            "Not sent: access refused",
        ),
        ("unknown", "The answer of QuickBooks about the new invoice was lost", "Answer lost"),
    ],
)
def test_what_went_wrong_is_told(owner, outcome: str, words: str, cell: str):
    """On the invoice's page, and in the table of the row's tries."""
    connection = builders.connected(owner.company)
    invoice = builders.invoice(builders.customer(owner.company))
    attempt = {"version": 1, "operation": "create", "outcome": outcome, "request_id": "r-1"}
    task_id = builders.task_of(connection, invoice).id
    db.session.add(SyncAttempt(task_id=task_id, **attempt))
    db.session.commit()
    assert words in owner.get(f"/invoices/{invoice.id}").text
    assert f">{cell}</td>" in owner.get(f"/settings/integrations/quickbooks/queue/{task_id}").text
