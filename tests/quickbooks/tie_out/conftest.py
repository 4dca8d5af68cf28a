"""What the tests of the tie-out share: one that is run as a worker runs it, and what it said of an invoice."""

from collections.abc import Callable

import pytest
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from app.extensions import db, queue, redis
from app.invoices.models import Invoice
from app.quickbooks.models import TieOut, TieOutLine
from app.quickbooks.tie_out import runs


def work() -> None:
    """A real worker takes what is queued, and goes."""
    SimpleWorker([queue()], connection=redis(), serializer=JSONSerializer).work(
        burst=True, logging_level="ERROR"
    )
    db.session.rollback()


@pytest.fixture
def tie_out(quickbooks) -> Callable[[], TieOut]:
    """Press the button, let a worker work; returns the run as it ended."""

    def compared() -> TieOut:
        run = runs.start(quickbooks.connection)
        work()
        db.session.refresh(run)
        return run

    return compared


def line_of(run: TieOut, invoice: Invoice) -> TieOutLine | None:
    return db.session.query(TieOutLine).filter_by(tie_out_id=run.id, invoice_id=invoice.id).one_or_none()
