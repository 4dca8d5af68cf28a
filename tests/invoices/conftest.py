"""Whom Harbor Heating bills."""

import pytest

from app.customers.models import Customer
from tests.invoices import builders
from tests.people import Actor


@pytest.fixture
def bakery(owner: Actor) -> Customer:
    return builders.customer(owner.company, number="C-001")


@pytest.fixture
def library(owner: Actor) -> Customer:
    """Pays no sales tax."""
    return builders.customer(owner.company, "Portland Public Library", number="C-002", tax_exempt=True)
