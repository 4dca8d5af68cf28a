"""A tie-out: started by a person or for the weekly letter, done by workers in slices."""

from collections.abc import Callable

from app.quickbooks.account.metering import reading_for
from app.quickbooks.models import Connection
from app.quickbooks.tie_out.life import TIE_OUTS
from app.quickbooks.tie_out.models import TieOut
from app.quickbooks.tie_out.reading import PAGE_SIZE
from app.quickbooks.tie_out.steps import Work


def start(connection: Connection) -> TieOut:
    """The run that is under way, or a new one. Commits."""
    return TIE_OUTS.start(connection, "started a tie-out")


@reading_for("tie-out")
def run(tie_out_id: int, go_on: Callable[[], bool], page_size: int = PAGE_SIZE) -> bool:
    """A slice of the work, as long as `go_on` says so, which is asked between requests. False when there is more:
    have it run later. Commits.
    """
    with TIE_OUTS.worked_on(tie_out_id):
        work = Work.on(tie_out_id, page_size)
        while go_on():
            if work.step():
                return True
        return False
    return True  # it ended early
