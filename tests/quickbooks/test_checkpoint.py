"""What is put back is what was built, and the product goes on from there."""

import pytest

from tests.quickbooks import builders, checkpoint
from tests.quickbooks.checkpoint import Checkpoint


@pytest.fixture
def reach(simulator, monkeypatch):
    """As each test begins with a checkpoint of its own, in the same run and from the same beginning."""
    monkeypatch.setattr(Checkpoint, "_beginning", lambda _: "the same")
    kept = {}
    return lambda build: Checkpoint(simulator, kept)("a bill", build)


def test_rows_ids_and_books_are_as_they_were(quickbooks, owner, reach):
    def build():
        record = builders.sent_invoice(builders.customer(owner.company), number="INV-7")
        quickbooks.drain()
        return record

    bill = reach(build)
    rows, sequences, there = checkpoint._rows(), checkpoint._sequences(), quickbooks.books("Invoice")
    builders.edit_invoice(bill, notes="Gate code 4711")
    builders.invoice(bill.customer)
    quickbooks.drain()
    again = reach(lambda: pytest.fail("built twice"))
    assert (again.id, again.number, again.notes) == (bill.id, "INV-7", "")
    assert (checkpoint._rows(), checkpoint._sequences()) == (rows, sequences)
    assert quickbooks.books("Invoice") == there
    builders.edit_invoice(again, notes="Ring twice")
    quickbooks.drain()
    quickbooks.in_order(again)
    assert owner.get(f"/invoices/{again.id}").status_code == 200


def test_from_another_beginning_it_is_built_anew(simulator, quickbooks, owner):
    kept, built = {}, []
    for _ in range(2):
        Checkpoint(simulator, kept)(
            "a bill", lambda: built.append(1) or builders.invoice(builders.customer(owner.company))
        )
        owner.company.name += " & Sons"
    assert len(built) == 2
