"""bench/saving.py, small: it saves what it says, and a connection costs no statement more."""

from app.extensions import db
from app.quickbooks.models import Connection, SyncTask, TaskState
from bench import saving


def test_a_connection_costs_no_statement(app):
    result = saving.measured(invoices=50, rounds=2)
    counted = result["statements"]
    # One more than before an edit looked for an e-mail that waits with the invoice (invoices/waiting_mail.py).
    assert counted["edit, connected"] == counted["edit, not"] <= 9
    assert counted["new, connected"] == counted["new, not"] <= 14
    connection = db.session.query(Connection).one()
    queued = db.session.query(SyncTask).filter_by(connection_id=connection.id, state=TaskState.QUEUED)
    assert queued.count() > 4  # what was there, the edited one and the new ones
