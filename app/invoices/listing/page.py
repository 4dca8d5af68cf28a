"""One page of the list with everything that stands around it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from sqlalchemy.orm import selectinload

from app.accounts.models import Company
from app.customers.models import Customer
from app.extensions import db
from app.invoices.listing import list_views
from app.invoices.listing.choice import ListChoice
from app.invoices.listing.list_views import Count, ListView
from app.invoices.models import Invoice
from app.web.keyset import Page, place_of, requested_page


@dataclass(frozen=True)
class ListPage:
    """`counts` are of whole views, `found` is of what matches; `first` is the place of the first row, from 1."""

    choice: ListChoice
    page: Page[Invoice]
    views: list[ListView]
    counts: dict[str, Count]
    found: Count
    first: int
    customer: Customer | None

    @property
    def last(self) -> int:
        return self.first + len(self.page.records) - 1

    @property
    def is_cut(self) -> bool:
        """There are more rows than these."""
        return self.found.number > len(self.page.records)


def list_page(company: Company) -> ListPage:
    """As the address asks for it."""
    choice = ListChoice.of(request.args, company)
    views = list_views.offered(company)
    query = choice.invoices(company)
    order = choice.order
    rows = order.applied(query).options(selectinload(Invoice.customer))
    page = requested_page(rows, order.sort, order.descending, choice.size)
    counts = list_views.counted(company, views)
    found = _found(company, choice, counts)
    before = place_of(rows, order.sort, order.descending, page.before) if page.before else 0
    return ListPage(choice, page, views, counts, found, before + 1, _customer(company, choice))


def _found(company: Company, choice: ListChoice, counts: dict[str, Count]) -> Count:
    """What matches: known from the tallies, or counted."""
    if not choice.is_narrowed:
        return counts[choice.view.key]
    if choice.status and choice.is_one_status:
        return list_views.count_of(company, choice.status)
    return list_views.count(choice.invoices(company), choice.view)


def _customer(company: Company, choice: ListChoice) -> Customer | None:
    """Whose invoices are asked for; nobody else's customer has a name here."""
    if choice.customer_id is None:
        return None
    return db.session.query(Customer).filter_by(company_id=company.id, id=choice.customer_id).one_or_none()
