"""The tallies are the numbers one would count, whatever wrote the invoices."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, func, select, update

from app.accounts.models import Company
from app.extensions import db
from app.invoices import tallies
from app.invoices.lateness import BALANCE, is_open
from app.invoices.listing import list_views
from app.invoices.models import Invoice, InvoiceLine, InvoiceStatus
from app.invoices.tallies import InvoiceTally
from tests.invoices import builders

_S = InvoiceStatus
DAY = date(2026, 3, 2)


def agree(company: Company) -> None:
    """Of each view, and of each status on each day."""
    own = select(Invoice).where(Invoice.company_id == company.id)
    views = [view for view in list_views.offered(company) if view.key in ("all", "draft", "open", "overdue")]
    counts = list_views.counted(company, views)
    assert counts == {view.key: list_views.count(own.where(view.where(company)), view) for view in views}
    for status in _S:
        counted = list_views.count(own.where(Invoice.status == status), list_views.ALL)
        assert list_views.count_of(company, status) == counted
    assert by_day(
        InvoiceTally.open_due, InvoiceTally.balance, InvoiceTally.company_id == company.id
    ) == by_day(Invoice.due_date, BALANCE, Invoice.company_id == company.id, is_open())


def by_day(day, money, *where) -> dict[date, Decimal]:
    rows = db.session.execute(select(day, func.sum(money)).where(day.is_not(None), *where).group_by(day))
    return {one: total for one, total in rows.tuples() if total}


@pytest.fixture
def invoices(bakery) -> list[Invoice]:
    """Two of each status, due before and after today; and one of which a part was paid and given back."""
    given_back = builders.invoice(bakery, status=_S.SENT, due_date=DAY)
    builders.receive(given_back, Decimal(40))
    builders.give_back(given_back, Decimal(40))
    db.session.commit()
    return [
        given_back,
        *(
            builders.invoice(bakery, status=status, due_date=DAY + timedelta(days=days))
            for status in _S
            for days in (-3, 3)
        ),
    ]


def test_they_follow_every_kind_of_statement(owner, stranger, invoices):
    company = owner.company
    builders.invoice(builders.customer(stranger.company), status=_S.SENT)
    agree(company)
    moved = update(Invoice).where(Invoice.status == _S.SENT)
    db.session.execute(moved.values(status=_S.PAID, paid_total=Invoice.total))
    agree(company)
    db.session.execute(update(Invoice).values(due_date=Invoice.due_date + timedelta(days=3)))
    agree(company)
    db.session.execute(update(Invoice).values(total=Invoice.total + 7))
    agree(company)
    drafts = select(Invoice.id).where(Invoice.status == _S.DRAFT)
    db.session.execute(delete(InvoiceLine).where(InvoiceLine.invoice_id.in_(drafts)))
    db.session.execute(delete(Invoice).where(Invoice.status == _S.DRAFT))
    agree(company)
    db.session.commit()
    agree(stranger.company)


def test_an_edit_that_moves_no_number_writes_none(owner, invoices):
    before = db.session.query(InvoiceTally).count()
    db.session.execute(update(Invoice).values(notes="Ring twice"))
    assert db.session.query(InvoiceTally).count() == before


def test_folding_changes_no_number(owner, invoices):
    tallies.fold()
    agree(owner.company)
    db.session.execute(update(Invoice).values(due_date=DAY, paid_total=0))
    db.session.commit()
    tallies.fold()
    agree(owner.company)
    assert db.session.query(InvoiceTally).filter_by(is_folded=False).count() == 0


def test_folding_forgets_what_is_nothing(owner, invoices):
    """A day on which nothing is due any more leaves no row, so a long history stays short."""
    db.session.execute(update(Invoice).values(status=_S.VOID))
    db.session.commit()
    tallies.fold()
    rows = db.session.execute(select(InvoiceTally.status, InvoiceTally.open_due)).tuples().all()
    assert rows == [(_S.VOID, None)]


def test_folding_waits_for_nobody_and_loses_nothing(owner, invoices, app):
    """Somebody has written and not committed yet: they wait for no fold, and are counted afterwards."""
    db.session.execute(update(Invoice).where(Invoice.status == _S.SENT).values(status=_S.DISPUTED))
    with app.app_context():
        tallies.fold()
    db.session.commit()
    agree(owner.company)
