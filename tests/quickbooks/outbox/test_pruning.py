"""What has served its purpose goes, and nothing else."""

from datetime import timedelta

from app.extensions import db, now
from app.quickbooks.models import BatchState, PushBatch, SyncAttempt
from app.quickbooks.models.batch_items import BatchItem
from app.quickbooks.outbox import pruning
from tests.quickbooks import builders


def batch(connection, days_ago: int | None) -> PushBatch:
    settled = None if days_ago is None else now() - timedelta(days=days_ago)
    state = BatchState.SETTLED if settled else BatchState.WRITTEN
    item = BatchItem(
        bid="1",
        task_id=1,
        version=1,
        operation="create",
        entity="Customer",
        body={"PrimaryEmailAddr": {"Address": "ana@example.com"}},
        read_at=now(),
    )
    row = PushBatch(
        connection_id=connection.id,
        request_id=str(days_ago),
        state=state,
        settled_at=settled,
        items=[item],
    )
    db.session.add(row)
    db.session.commit()
    return row


def test_settled_batches_are_emptied_after_a_month(app, owner, monkeypatch):
    monkeypatch.setattr(pruning, "CHUNK", 1)
    connection = builders.connected(owner.company)
    old, older, young, open_ = (batch(connection, days) for days in (31, 40, 29, None))
    pruning.prune()
    db.session.expire_all()
    assert (old.items, older.items) == ([], [])
    assert young.items
    assert open_.items


def test_the_last_fifty_tries_of_a_row_are_kept(app, owner, monkeypatch):
    monkeypatch.setattr(pruning, "CHUNK", 1)
    connection = builders.connected(owner.company)
    rows = [builders.task_of(connection, builders.customer(owner.company)) for _ in range(2)]
    for row, tries in zip(rows, (60, 3), strict=True):
        for version in range(tries):
            row.attempts_made.append(SyncAttempt(version=version, operation="create", outcome="refused"))
            db.session.flush()
    db.session.commit()
    pruning.prune()
    db.session.expire_all()
    assert [attempt.version for attempt in rows[0].attempts_made] == list(range(59, 9, -1))
    assert len(rows[1].attempts_made) == 3
