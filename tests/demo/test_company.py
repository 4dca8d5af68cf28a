"""The demo company is built through the rooms' own functions, once."""

from sqlalchemy import func, select

from app.accounts.models import Company, Plan, User
from app.customers.models import Customer
from app.demo import company
from app.extensions import db
from app.invoices.models import Invoice, InvoiceStatus


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_it_is_built_once(app):
    company.build()
    company.build()
    assert (count(Company), count(User), count(Customer), count(Invoice)) == (2, 5, 12, 43)


def test_it_shows_every_status(app):
    company.build()
    assert set(db.session.scalars(select(Invoice.status))) == set(InvoiceStatus)


def test_the_free_company_is_on_free(app):
    company.build()
    user = db.session.scalar(select(User).filter_by(email=company.FREE_OWNER))
    assert user.company.plan is Plan.FREE
    assert user.has_password(company.PASSWORD)
