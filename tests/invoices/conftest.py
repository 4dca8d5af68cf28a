"""Whom Harbor Heating bills."""

import pytest

from app.customers.models import Customer
from app.invoices.models import Invoice, InvoiceStatus
from tests.invoices import builders
from tests.people import Actor

BEA = "bea@bakery.example"


@pytest.fixture
def bakery(owner: Actor) -> Customer:
    return builders.customer(owner.company, number="C-001")


@pytest.fixture
def library(owner: Actor) -> Customer:
    """Pays no sales tax."""
    return builders.customer(owner.company, "Portland Public Library", number="C-002", tax_exempt=True)


@pytest.fixture
def buyer(owner: Actor) -> Customer:
    """Bea can be written to."""
    return builders.customer(owner.company, email=BEA, contact_given_name="Bea", contact_family_name="Baker")


@pytest.fixture
def bill(buyer: Customer) -> Invoice:
    """Bea's, ready to be sent."""
    return builders.invoice(buyer, status=InvoiceStatus.GENERATED)
