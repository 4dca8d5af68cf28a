"""Random invoices, 2,000 of them, put into QuickBooks over the wire: its total is ours, to the cent."""

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.models import Company, Currency
from app.customers.models import Customer
from app.invoices.models import DiscountKind, Invoice, InvoiceLine
from app.invoices.totals import recalculate
from app.quickbooks.account import access, company
from app.quickbooks.account.gateway import client_for
from app.quickbooks.api.client import Client
from app.quickbooks.api.transport import Transport
from app.quickbooks.api.write import Write
from app.quickbooks.lane.facts import read_facts
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.invoice import DISCOUNT_ITEM, invoice_body
from app.quickbooks.mapping.item import item_body
from app.quickbooks.mapping.refs import Refs
from app.quickbooks.mapping.values import filled, name_key
from tests.quickbooks.conftest import QuickBooks
from tests.realms import AUTOMATED_TAX, UK, US

ITEMS = ("Labor", "Filter")
EACH = 450
_numbers = count(1)

hundredths = st.decimals("0.01", "400", places=2)
lines = st.builds(
    InvoiceLine,
    item=st.sampled_from(ITEMS),
    quantity=st.one_of(st.integers(1, 40).map(Decimal), hundredths, st.decimals("0.0001", "9", places=4)),
    unit_price=st.one_of(hundredths, st.decimals("0.0001", "2500", places=4)),
    discount_percent=st.one_of(st.just(Decimal(0)), st.decimals("0.5", "100", places=2)),
)
sizes = st.one_of(st.integers(1, 8), st.integers(1, 50))
bills = sizes.flatmap(lambda size: st.lists(lines, min_size=size, max_size=size))
discounts = st.one_of(
    st.just((DiscountKind.NONE, Decimal(0))),
    st.tuples(st.just(DiscountKind.PERCENT), st.decimals("0.01", "100", places=2)),
    st.tuples(st.just(DiscountKind.AMOUNT), st.decimals("0.01", "500", places=2)),
)


@dataclass
class Counter:
    """A QuickBooks company across the counter: what is handed over is answered with a total."""

    client: Client
    facts: CompanyFacts
    refs: Refs

    @classmethod
    def open(cls, books: QuickBooks, allow_discount: bool) -> "Counter":
        connection = books.connect()
        rules = {"SalesFormsPrefs": {"AllowDiscount": allow_discount}}
        books.simulator.company(books.realm, preferences=rules)
        read_facts(connection.id, client_for(connection.id))
        token = access.token(connection.id)
        client = Client(Transport(books.simulator.url, books.realm, token))
        account = connection.preferences.income_account_id
        items = {
            name_key(name): _created(client, "Item", item_body(name, account))["Id"]
            for name in (*ITEMS, DISCOUNT_ITEM)
        }
        person = _created(client, "Customer", {"DisplayName": "Rivera HVAC"})
        return cls(client, company.facts_of(connection), Refs(person["Id"], items))

    def rates(self) -> st.SearchStrategy[Decimal]:
        if self.facts.automated_sales_tax:
            return st.decimals("0", "12", places=4)
        return st.sampled_from(sorted({code.rate for code in self.facts.tax_codes} | {self._untaxed()}))

    def total_of(self, invoice: Invoice) -> Decimal:
        body = filled(invoice_body(invoice, self.refs, self.facts))
        return _created(self.client, "Invoice", body)["TotalAmt"]

    def _untaxed(self) -> Decimal:
        """Outside the US even that needs a code."""
        return Decimal(0) if self.facts.is_us else min(code.rate for code in self.facts.tax_codes)


def _created(client: Client, entity: str, body: dict) -> dict:
    made = Write(bid="1", operation="create", entity=entity, body=body)
    return client.send_one(made, str(uuid.uuid4())).by_bid["1"]


@pytest.mark.parametrize("allow_discount", [True, False], ids=["discounts allowed", "no discounts"])
@pytest.mark.parametrize(
    "place", [US, AUTOMATED_TAX, UK], ids=["US, own tax", "US, automated tax", "United Kingdom"]
)
def test_not_a_cent_apart(simulator, quickbooks_of, owner, place, allow_discount):
    simulator.settings(limits=False)
    counter = Counter.open(quickbooks_of(owner, place), allow_discount)

    @settings(
        max_examples=EACH if allow_discount else EACH // 2,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(bills, discounts, counter.rates())
    def check(drawn, discount, rate):
        invoice = Invoice(
            number=f"CENT-{next(_numbers)}",
            issue_date=date(2026, 3, 2),
            due_date=date(2026, 4, 1),
            customer=Customer(name="Rivera HVAC", email=""),
            company=Company(currency=Currency(counter.facts.home_currency)),
            lines=list(drawn),
            discount_kind=discount[0],
            discount_value=discount[1],
            tax_rate=rate,
            notes="",
        )
        recalculate(invoice)
        assert counter.total_of(invoice) == invoice.total

    check()
