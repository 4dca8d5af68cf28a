"""A verdict follows from the outbox row, the link, and what QuickBooks holds."""

import pytest

from app.quickbooks.models import TaskState
from app.quickbooks.tie_out.models import Verdict
from app.quickbooks.tie_out.verdicts import verdict

S, V = TaskState, Verdict


@pytest.mark.parametrize("task", [None, *TaskState])
def test_what_is_in_quickbooks_is_judged_by_what_it_says(task: TaskState | None):
    assert verdict(task, is_linked=True, is_there=True, differs=False) is V.AGREES
    assert verdict(task, is_linked=True, is_there=True, differs=True) is V.DIFFERENT


@pytest.mark.parametrize(
    ("task", "is_linked", "expected"),
    [
        (None, False, V.NOT_SENT),
        (S.QUEUED, False, V.WAITING),
        (S.SENDING, False, V.WAITING),
        (S.CHECKING, False, V.WAITING),
        (S.BACKOFF, False, V.WAITING),
        (S.ERROR, False, V.WAITING),
        (S.SKIPPED, False, V.SKIPPED),
        (S.SYNCED, False, V.NOT_SENT),
        (None, True, V.MISSING),
        (S.SYNCED, True, V.MISSING),
        (S.QUEUED, True, V.MISSING),
        (S.ERROR, True, V.MISSING),
        (S.SKIPPED, True, V.SKIPPED),
    ],
)
def test_what_is_not_there(task: TaskState | None, is_linked: bool, expected: Verdict):
    assert verdict(task, is_linked, is_there=False, differs=False) is expected
