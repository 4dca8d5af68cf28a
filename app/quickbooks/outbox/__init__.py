"""What waits to reach QuickBooks: one row a record, its states, and what people decided about it."""

from app.quickbooks.outbox.due_rows import anything_due, count_due, due, put_off, to_check
from app.quickbooks.outbox.rows import (
    ensure_queued,
    lock_waiting,
    queue,
    queue_selected,
    queue_stopped,
    release_waiting,
    task_for,
)

__all__ = [
    "anything_due",
    "count_due",
    "due",
    "ensure_queued",
    "lock_waiting",
    "put_off",
    "queue",
    "queue_selected",
    "queue_stopped",
    "release_waiting",
    "task_for",
    "to_check",
]
