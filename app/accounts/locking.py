"""One change at a time where two could break a rule of the company: its numbers, its seats, its quotas.

Who locks more than the company keeps one order, so that no two wait for each other: a customer or an uploaded file,
the company, invoices by id.
"""

from sqlalchemy import select

from app.accounts.models import Company
from app.extensions import db


def lock_company(company_id: int) -> Company:
    """The company as it is now, kept from others who lock it until the transaction ends.

    What refers to the company can still be written meanwhile. Hold it only as long as a request: everybody in the
    company who needs a number waits.
    """
    query = select(Company).where(Company.id == company_id).with_for_update(key_share=True)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()
