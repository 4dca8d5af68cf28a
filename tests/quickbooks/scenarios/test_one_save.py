"""What one save costs, as people save one record at a time, and what still takes another wave or slice."""

from app.extensions import db
from app.quickbooks.lane import draining, restoration
from app.quickbooks.lane.draining import Drained
from app.quickbooks.models import TaskState
from tests.quickbooks import builders


def test_a_new_invoice_takes_one_wave_and_few_statements(quickbooks, owner, count_queries, monkeypatch):
    person = builders.customer(owner.company)
    builders.invoice(person)
    quickbooks.drain()
    waves = []
    wave = draining.Lane.wave
    monkeypatch.setattr(draining.Lane, "wave", lambda lane: waves.append(lane) or wave(lane))
    bill = builders.invoice(person)
    with count_queries() as counted:
        quickbooks.drain()
    assert quickbooks.row(bill).state is TaskState.SYNCED
    assert len(waves) == 1, "nothing is left to look for"
    assert counted.count <= 45
    assert counted.transactions <= 11


def test_what_becomes_due_meanwhile_takes_another_wave(quickbooks, owner, monkeypatch):
    person = builders.customer(owner.company)
    quickbooks.drain()
    bills = [builders.invoice(person)]
    waves = []
    wave = draining.Lane.wave

    def and_somebody_saves(lane: draining.Lane) -> bool:
        more = wave(lane)
        if not waves:
            bills.append(builders.invoice(person))
        waves.append(lane)
        return more

    monkeypatch.setattr(draining.Lane, "wave", and_somebody_saves)
    quickbooks.drain()
    quickbooks.in_order(*bills)


def test_a_doubt_that_may_be_settled_at_once_takes_another_wave(quickbooks, owner, clock, monkeypatch):
    """The answer is lost; by the end of the wave QuickBooks can have finished."""
    person = builders.customer(owner.company)
    quickbooks.drain()
    bill = builders.invoice(person)
    quickbooks.script("cut_after", operation="invoice.create")
    wave = draining.Lane.wave

    def and_time_passes(lane: draining.Lane) -> bool:
        more = wave(lane)
        clock.advance(seconds=10)
        return more

    monkeypatch.setattr(draining.Lane, "wave", and_time_passes)
    quickbooks.drain()
    assert quickbooks.row(bill).state is TaskState.SYNCED
    assert len(quickbooks.books("Invoice")) == 1


def test_a_slice_that_ends_while_records_are_read_again_asks_for_another(quickbooks, owner):
    """After a restore, also where no row is due."""
    builders.customer(owner.company)
    quickbooks.drain()
    restoration.doubt_everything()
    db.session.commit()
    asked = iter([True, False])
    assert draining.drain(quickbooks.connection.id, lambda: next(asked, False)) is Drained.MORE
    assert quickbooks.connection.read_again_from is not None
    quickbooks.drain()
    assert quickbooks.connection.read_again_from is None
