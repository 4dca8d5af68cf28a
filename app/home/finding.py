"""One search for all: invoices by number, customer or amount, and customers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_login import current_user
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import selectinload

from app.accounts.models import Company
from app.customers import search as customers
from app.customers.models import Customer
from app.extensions import db
from app.invoices import search as invoices
from app.invoices.lateness import SHOWN_BALANCE
from app.invoices.models import Invoice

AT_MOST = 10
_AMOUNT = re.compile(r"[$£€]?\s?(\d{1,3}(?:,\d{3})+|\d{1,9})(\.\d{2})?")


@dataclass(frozen=True)
class Found:
    """`more_invoices` and `more_customers`: there are others beside those that are held here.

    `by_amount`: the list of invoices, which knows no amounts, does not find all of these.
    """

    invoices: Sequence[Invoice] = ()
    customers: Sequence[Customer] = ()
    more_invoices: bool = False
    more_customers: bool = False
    by_amount: bool = False

    @property
    def number(self) -> int:
        return len(self.invoices) + len(self.customers)


def found(company: Company, words: str) -> Found:
    """The first of each; nothing where nothing was asked for."""
    if not words:
        return Found()
    people = customers.matching(select(Customer).where(Customer.company_id == company.id), company.id, words)
    people = people.order_by(Customer.name, Customer.id).limit(AT_MOST + 1)
    bills = _invoices(company, words) if current_user.in_office else []
    persons = db.session.scalars(people).all()
    return Found(
        bills[:AT_MOST],
        persons[:AT_MOST],
        more_invoices=len(bills) > AT_MOST,
        more_customers=len(persons) > AT_MOST,
        by_amount=amount(words) is not None,
    )


def amount(words: str) -> Decimal | None:
    """$1,234.50 as a number; None where it is something else."""
    match = _AMOUNT.fullmatch(words)
    return Decimal(match[1].replace(",", "") + (match[2] or "")) if match else None


def _invoices(company: Company, words: str) -> Sequence[Invoice]:
    """Those of that amount first; one more than are shown."""
    own = select(Invoice).where(Invoice.company_id == company.id).options(selectinload(Invoice.customer))
    newest = (Invoice.issue_date.desc(), Invoice.id.desc())
    of_amount: list[Invoice] = []
    if (money := amount(words)) is not None:
        of_amount = list(db.session.scalars(own.where(_is_worth(money)).order_by(*newest).limit(AT_MOST + 1)))
    named = invoices.matching(own, company.id, words, None).order_by(*newest).limit(AT_MOST + 1)
    return list(dict.fromkeys([*of_amount, *db.session.scalars(named)]))


def _is_worth(money: Decimal) -> ColumnElement[bool]:
    return or_(Invoice.total == money, SHOWN_BALANCE.in_([money]))
