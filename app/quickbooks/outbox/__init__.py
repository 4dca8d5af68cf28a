"""What waits to reach QuickBooks: one row a record, its states, and what people decided about it."""

from app.quickbooks.outbox.rows import (
    anything_due,
    due,
    ensure_queued,
    known,
    lock_waiting,
    queue,
    release_waiting,
    task_for,
)

__all__ = [
    "anything_due",
    "due",
    "ensure_queued",
    "known",
    "lock_waiting",
    "queue",
    "release_waiting",
    "task_for",
]
