"""Finding customers by what a person remembers of them."""

from typing import Any

from sqlalchemy import Select, or_

from app.customers.models import Customer

LONGEST_SEARCH = 100
SEARCHED = (
    Customer.name,
    Customer.number,
    Customer.email,
    Customer.phone,
    Customer.contact_given_name,
    Customer.contact_family_name,
)


def matching(query: Select[Any], words: str) -> Select[Any]:
    """Only customers in whom every word is found somewhere, in any case."""
    for word in words[:LONGEST_SEARCH].split():
        query = query.where(or_(*(column.icontains(word, autoescape=True) for column in SEARCHED)))
    return query
