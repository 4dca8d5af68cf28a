"""Choosing one of the company's customers, be they ten or ten thousand, by typing what one remembers."""

from collections.abc import Sequence

from wtforms import Form, HiddenField, ValidationError

from app.accounts.guards import company_scoped, current_company
from app.customers.models import Customer
from app.customers.search import matching
from app.extensions import db
from app.web.form_fields import text_field
from app.web.request_limits import record_id

MATCHES_SHOWN = 6


def find_customers(words: str) -> Sequence[Customer]:
    query = matching(company_scoped(Customer), current_company().id, words).order_by(
        Customer.name, Customer.id
    )
    return db.session.scalars(query.limit(MATCHES_SHOWN)).all()


def record_id_or_none(value: object) -> int | None:
    """None for what no id column can hold: a form says that in words."""
    try:
        return record_id(str(value))
    except ValueError:
        return None


class CustomerPicker(Form):
    """The part of a form that has a customer: searched for, chosen, and taken away again."""

    customer_id = HiddenField("Customer", filters=[record_id_or_none])
    customer_search = text_field("Customer", 100)

    @property
    def customer(self) -> Customer | None:
        return db.session.scalar(company_scoped(Customer).where(Customer.id == self.customer_id.data))

    @property
    def matches(self) -> Sequence[Customer]:
        return find_customers(self.customer_search.data)

    def validate_customer_id(self, field: HiddenField) -> None:
        if self.customer is None:
            raise ValidationError("Choose a customer.")

    def choose_customer(self, customer_id: str) -> None:
        """An empty id takes the customer away."""
        self.customer_id.data = record_id_or_none(customer_id)
        self.customer_search.data = ""
