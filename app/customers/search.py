"""Finding customers by what a person remembers of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Index, Select, Text, and_, func, literal, or_
from sqlalchemy.dialects.postgresql import array

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

# Every two and three letters in a row, each with its company (migration 0026): an index of them finds what is
# inside of words, and reads nothing of other companies. pg_trgm would, and not every PostgreSQL has it.
GRAMS = func.search_grams(Customer.company_id, array(SEARCHED))
Index("ix_customers_search", GRAMS, postgresql_using="gin", postgresql_with={"gin_pending_list_limit": "256"})


def words_of(text: str) -> list[str]:
    return text[:LONGEST_SEARCH].split()


def matching(query: Select[Any], company_id: int, text: str) -> Select[Any]:
    """Only customers in whom every word is found somewhere, in any case."""
    words = words_of(text)
    if not words:
        return query
    found = (or_(*(column.icontains(word, autoescape=True) for column in SEARCHED)) for word in words)
    return query.where(_has_grams_of(company_id, words), *found)


def is_called(company_id: int, words: Sequence[str]) -> ColumnElement[bool]:
    """Whether every word is found in a customer's name, in any case."""
    names = (Customer.name.icontains(word, autoescape=True) for word in words)
    return and_(Customer.company_id == company_id, _has_grams_of(company_id, words), *names)


def _has_grams_of(company_id: int, words: Sequence[str]) -> ColumnElement[bool]:
    """For the index: all who have the words are among these."""
    return GRAMS.bool_op("@>")(func.search_grams(company_id, literal(list(words), ARRAY(Text))))
