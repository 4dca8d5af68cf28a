"""What the address of the list asks for: a view, words, days, a customer, an order and a size of page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from werkzeug.datastructures import MultiDict

from app.accounts.models import Company
from app.invoices.listing.list_views import ALL, ListView, named
from app.invoices.listing.sorting import DEFAULT, Order, order_named
from app.invoices.models import Invoice, InvoiceStatus
from app.invoices.search import matching
from app.web import request_limits
from app.web.keyset import PAGE_SIZE

PAGE_SIZES = (25, 50, 100)


@dataclass(frozen=True)
class ListChoice:
    """Days are issue dates, both included. Arguments that make no sense are left aside."""

    view: ListView = ALL
    words: str = ""
    status: InvoiceStatus | None = None
    first_day: date | None = None
    last_day: date | None = None
    customer_id: int | None = None
    order: Order = DEFAULT
    size: int = PAGE_SIZE

    @classmethod
    def of(cls, args: MultiDict[str, str], company: Company) -> ListChoice:
        """`args`: of the list's address."""
        size = args.get("size", PAGE_SIZE, type=int)
        return cls(
            view=named(args.get("view"), company),
            words=args.get("q", "").strip(),
            status=args.get("status", type=InvoiceStatus),
            first_day=args.get("from", type=date.fromisoformat),
            last_day=args.get("to", type=date.fromisoformat),
            customer_id=args.get("customer", type=request_limits.record_id),
            order=order_named(args.get("sort")),
            size=size if size in PAGE_SIZES else PAGE_SIZE,
        )

    @property
    def is_narrowed(self) -> bool:
        """By more than its view."""
        return bool(self.words or self.status or self.first_day or self.last_day or self.customer_id)

    @property
    def is_one_status(self) -> bool:
        """All invoices of a status: what a count is kept of."""
        others = self.words or self.first_day or self.last_day or self.customer_id
        return self.status is not None and self.view is ALL and not others

    def invoices(self, company: Company) -> Select[tuple[Invoice]]:
        """All that match, in no order yet."""
        query = select(Invoice).where(Invoice.company_id == company.id, self.view.where(company))
        if self.first_day:
            query = query.where(Invoice.issue_date >= self.first_day)
        if self.last_day:
            query = query.where(Invoice.issue_date <= self.last_day)
        if self.customer_id:
            query = query.where(Invoice.customer_id == self.customer_id)
        return matching(query, company.id, self.words, self.status)
